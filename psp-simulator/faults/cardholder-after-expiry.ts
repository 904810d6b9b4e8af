/** After expiry: the payer comes back from the page when the challenge has run out already. */
import { cardholderFault } from './fault.ts';

export const cardholderAfterExpiry = cardholderFault({
  name: 'cardholder-after-expiry',
  summary: 'The payer is done only after the page has run out.',
  example: '{ fault: cardholder-after-expiry, count: 2 }',
  precedent: {
    what: 'A 3DS prompt that was not answered in time led back to the shop as if it had been.',
    source: 'https://github.com/canonical/ubuntu.com/issues/9370',
  },
  point: 'cardholder',
  parse: () => ({}),
  effect: () => ({ expireFirst: true }),
});
