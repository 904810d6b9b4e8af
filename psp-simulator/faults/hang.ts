/** Hang: the books change, the answer never comes. The client times out after it has paid. */
import { exchangeFault } from './fault.ts';

export const hang = exchangeFault({
  name: 'hang',
  summary: 'The books change, no answer ever comes.',
  example: '{ fault: hang, operation: create-payment, chance: 0.3 }',
  precedent: {
    what: 'Captures that timed out for the caller had succeeded at Stripe.',
    source: 'https://github.com/alphagov/pay-connector/pull/3989',
  },
  point: 'after-commit',
  parse: () => ({}),
  effect: () => ({ end: 'hang' }),
});
