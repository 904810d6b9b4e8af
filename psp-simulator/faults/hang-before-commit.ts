/** Hang before commit: the PSP takes the request and never does anything with it. The client times out. */
import { exchangeFault } from './fault.ts';

export const hangBeforeCommit = exchangeFault({
  name: 'hang-before-commit',
  summary: 'No answer ever comes, and the books do not change.',
  example: '{ fault: hang-before-commit, operation: create-payment, nth: 1 }',
  precedent: {
    what: 'Calls to Stripe ended in a timeout, and nobody could pay.',
    source: 'https://github.com/stripe/stripe-php/issues/757',
  },
  point: 'before-commit',
  parse: () => ({}),
  effect: () => ({ end: 'hang' }),
});
