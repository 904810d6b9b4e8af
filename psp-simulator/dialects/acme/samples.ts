/** How the simulator makes acme's records without a request, with the same details as the routes. */
import type { DialectSamples } from '../dialect.ts';

export const acmeSamples: DialectSamples = {
  payment: (psp, { reference, amountMinor, currency, captureMode }) => ({
    pspReference: psp.ids.next('apay'),
    reference,
    amountMinor,
    currency,
    captureMode,
    method: 'card',
    details: { refundsPend: false },
  }),
  refund: (psp, payment, amountMinor) => {
    const pspReference = psp.ids.next('aref');
    return {
      pspReference,
      paymentPspReference: payment.pspReference,
      reference: pspReference,
      ...(amountMinor === undefined ? {} : { amountMinor }),
    };
  },
  payout: (psp, { reference, amountMinor, currency }) => ({
    pspReference: psp.ids.next('apo'),
    reference,
    amountMinor,
    currency,
    failureReason: 'account_closed',
  }),
  dispute: (psp, payment, reason) => ({
    pspReference: psp.ids.next('adsp'),
    paymentPspReference: payment.pspReference,
    reason,
    evidenceLifeMs: psp.profile.disputeEvidenceMs,
  }),
  captureId: (psp) => psp.ids.next('acap'),
};
