/** Issuer attempted: the card takes no part in 3DS, and the scheme stands in (transStatus A). */
import { cardholderFault } from './fault.ts';

export const issuerAttempted = cardholderFault({
  name: 'issuer-attempted',
  summary: 'The authentication is only attempted.',
  example: '{ fault: issuer-attempted, chance: 0.5 }',
  precedent: {
    what: 'Three different 3DS results were answered with one error, and nobody could tell them apart.',
    source: 'https://github.com/juspay/hyperswitch/pull/14137',
  },
  point: 'cardholder',
  appliesTo: ({ threeDs, action }) => threeDs && (action === 'approve' || action === 'fail'),
  parse: () => ({}),
  effect: () => ({ action: 'attempt' }),
});
