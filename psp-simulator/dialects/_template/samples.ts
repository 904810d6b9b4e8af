/** How the simulator makes records without a request; with the same `details` as the routes (here: none). */
import type { DialectSamples } from '../dialect.ts';

export const exampleBankSamples: DialectSamples = {
  payment: (psp, wish) => ({ pspReference: psp.ids.next('pay'), ...wish }),
  refund: (psp, payment, amountMinor) => ({
    pspReference: psp.ids.next('ref'),
    paymentPspReference: payment.pspReference,
    reference: null,
    ...(amountMinor === undefined ? {} : { amountMinor }),
  }),
  payout: (psp, { reference, amountMinor, currency }) => ({
    pspReference: psp.ids.next('out'),
    reference,
    amountMinor,
    currency,
    failureReason: 'account_closed',
  }),
  dispute: (psp, payment, reason) => ({
    pspReference: psp.ids.next('dsp'),
    paymentPspReference: payment.pspReference,
    reason,
    evidenceLifeMs: psp.profile.disputeEvidenceMs,
  }),
  captureId: (psp) => psp.ids.next('cap'),
};
