/** Webhook wrong amount: the PSP's own error, validly signed. */
import { eventFault } from './fault.ts';

export const webhookWrongAmount = eventFault({
  name: 'webhook-wrong-amount',
  summary: 'A validly signed event says another amount.',
  example: '{ fault: webhook-wrong-amount, with: { factor: 0.5 } }',
  precedent: {
    what: 'A plugin had to learn to compare the amount of a notification with its order.',
    source: 'https://github.com/Adyen/adyen-prestashop/pull/156',
  },
  point: 'event',
  parse: (parameters) => ({ factor: parameters.number('factor', { min: 0.001, max: 1_000, fallback: 10 }) }),
  effect: ({ factor }) => ({ alteration: { amountFactor: factor } }),
});
