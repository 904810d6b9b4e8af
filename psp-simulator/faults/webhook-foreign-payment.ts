/**
 * Foreign payment: a validly signed event about a payment that this merchant never made, by
 * default with a foreign reference too; `own-reference` keeps the merchant's, as when a stranger
 * pays under it.
 */
import { claimsSuccess } from './claims-success.ts';
import { eventFault } from './fault.ts';

export const webhookForeignPayment = eventFault({
  name: 'webhook-foreign-payment',
  summary: "A validly signed event about somebody else's payment.",
  example: '{ fault: webhook-foreign-payment, with: { reference: own } }',
  precedent: {
    what: 'One signing key served all merchants of a PSP: the confirmation of a stranger’s payment paid a victim’s cart.',
    source: 'https://github.com/shurco/mycart/issues/405',
  },
  point: 'event',
  parse: (parameters) => ({
    reference: parameters.oneOf('reference', ['foreign', 'own'], 'foreign'),
    afterMs: parameters.delayMs('afterMs', 0),
  }),
  effect: ({ reference, afterMs }, _draw, subject) => ({
    extra: [
      {
        afterMs,
        alteration: claimsSuccess(subject) ? null : { claim: 'succeeded' },
        signature: 'valid',
        newEvent: true,
        strange: reference === 'own' ? 'foreign-payment-own-reference' : 'foreign-payment',
      },
    ],
  }),
});
