/** Webhook wrong currency: the PSP's own error, validly signed. */
import { eventFault } from './fault.ts';

export const webhookWrongCurrency = eventFault({
  name: 'webhook-wrong-currency',
  summary: 'A validly signed event says another currency.',
  point: 'event',
  parse: (parameters) => ({ currency: parameters.text('currency', /^[A-Z]{3}$/, 'JPY') }),
  effect: ({ currency }) => ({ alteration: { currency } }),
});
