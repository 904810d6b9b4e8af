/**
 * Before the webhook: the payer comes back to the shop long before the webhook says what became of
 * the payment.
 */
import { eventFault } from './fault.ts';

export const cardholderBeforeWebhook = eventFault({
  name: 'cardholder-before-webhook',
  summary: 'Events of a payment with a page come long after the payer is back.',
  example: '{ fault: cardholder-before-webhook, with: { delay: 15m } }',
  precedent: {
    what: 'Redirect and webhook raced each other; in some cases the source was never charged.',
    source: 'https://github.com/woocommerce/woocommerce-gateway-stripe/issues/1196',
  },
  point: 'event',
  parse: (parameters) => ({ delayMs: parameters.delayMs('delayMs', 10 * 60_000) }),
  appliesTo: ({ afterPage }) => afterPage === true,
  effect: ({ delayMs }) => ({ delayMs }),
});
