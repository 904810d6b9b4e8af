/** Cardholder fails: the wrong password, whatever the payer meant to do. */
import { cardholderFault } from './fault.ts';

export const cardholderFails = cardholderFault({
  name: 'cardholder-fails',
  summary: 'The payer fails on the page.',
  example: '{ fault: cardholder-fails, chance: 0.3 }',
  precedent: {
    what: 'After a failed authentication the order stayed open as if nothing had happened.',
    source: 'https://github.com/Adyen/adyen-shopware5/issues/14',
  },
  point: 'cardholder',
  appliesTo: ({ action }) => action === 'approve',
  parse: () => ({}),
  effect: () => ({ action: 'fail' }),
});
