/** Webhook wrong currency: the PSP's own error, validly signed. */
import { eventFault } from './fault.ts';

export const webhookWrongCurrency = eventFault({
  name: 'webhook-wrong-currency',
  summary: 'A validly signed event says another currency.',
  example: '{ fault: webhook-wrong-currency, with: { currency: JPY } }',
  precedent: {
    what: 'A signed event proves its sender, not that amount and currency are those of the order.',
    source: 'https://github.com/unrealbg/BlazorShop/issues/93',
  },
  point: 'event',
  parse: (parameters) => ({ currency: parameters.text('currency', /^[A-Z]{3}$/, 'JPY') }),
  effect: ({ currency }) => ({ alteration: { currency } }),
});
