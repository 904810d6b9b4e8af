/** How the simulator makes Checkout.com's records without a request, with the same details as the routes. */
import type { DialectSamples } from '../dialect.ts';
import { asDetails, disputeDetails } from './details.ts';
import { disputeIdFrom } from './disputes.ts';
import { newId } from './ids.ts';
import { requestDetails, threeDsWish } from './payments.ts';
import { currencyAccountOf } from './payouts.ts';
import { sampleCard } from './vault.ts';

export const checkoutSamples: DialectSamples = {
  payment: (psp, { reference, amountMinor, currency, captureMode }) => ({
    pspReference: newId(psp, 'pay'),
    reference,
    amountMinor,
    currency,
    captureMode,
    details: asDetails({ ...requestDetails({}, threeDsWish({})), card: sampleCard(psp).view }),
  }),
  refund: (psp, payment, amountMinor) => ({
    pspReference: newId(psp, 'act'),
    paymentPspReference: payment.pspReference,
    reference: null,
    ...(amountMinor === undefined ? {} : { amountMinor }),
    details: asDetails({ metadata: {} }),
  }),
  payout: (psp, { reference, amountMinor, currency }) => ({
    pspReference: newId(psp, 'pay'),
    reference,
    amountMinor,
    currency,
    failureReason: null,
    details: asDetails({
      sourceId: currencyAccountOf(psp, currency),
      destination: { type: 'bank_account', account_number: '****5555', country: 'GB' },
      metadata: {},
      declineCode: null,
    }),
  }),
  dispute: (psp, payment, reason) => ({
    pspReference: disputeIdFrom(psp.ids.next('checkoutdsp')),
    paymentPspReference: payment.pspReference,
    reason,
    evidenceLifeMs: psp.profile.disputeEvidenceMs,
    details: asDetails({ evidence: {}, accepted: false }),
  }),
  acceptDispute: (psp, dispute) => {
    psp.bank.setDetails(dispute.pspReference, asDetails({ ...disputeDetails(dispute), accepted: true }));
  },
  captureId: (psp) => newId(psp, 'act'),
};
