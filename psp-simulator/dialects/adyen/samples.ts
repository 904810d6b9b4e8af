/** How the simulator makes Adyen's records without a request, with the same details as the routes. */
import type { DialectSamples } from '../dialect.ts';
import {
  asDetails,
  disputeDetails,
  newPspReference,
  paymentDetails,
  type AdyenPaymentDetails,
  type CardDetails,
} from './details.ts';
import { isAutoDefended, reasonCodeOf } from './magic.ts';

const CARD: CardDetails = {
  brand: 'visa',
  cardSummary: '1142',
  expiry: '03/2030',
  card: 'plain',
  holderName: null,
};

const SHOPPER = 'sample-shopper';

export const adyenSamples: DialectSamples = {
  payment: (psp, { reference, amountMinor, currency, captureMode }) => {
    const details: AdyenPaymentDetails = {
      ...CARD,
      metadata: {},
      refusal: null,
      shopperReference: SHOPPER,
      recurringModel: null,
      scaExemption: null,
      // So that an event of a stored card can be had, and an ordinary payment has none.
      store: {
        token: newPspReference(psp),
        shopperReference: SHOPPER,
        model: 'CardOnFile',
        onlyAfterChallenge: true,
      },
    };
    return {
      pspReference: newPspReference(psp),
      reference,
      amountMinor,
      currency,
      captureMode,
      details: asDetails(details),
    };
  },
  refund: (psp, payment, amountMinor) => ({
    pspReference: newPspReference(psp),
    paymentPspReference: payment.pspReference,
    reference: null,
    ...(amountMinor === undefined ? {} : { amountMinor }),
    details: asDetails({
      brand: paymentDetails(payment).brand,
      word: 'refund',
      paymentReference: payment.reference,
    }),
  }),
  payout: (psp, { reference, amountMinor, currency }) => ({
    pspReference: newPspReference(psp),
    reference,
    amountMinor,
    currency,
    failureReason: null,
    details: asDetails({ brand: CARD.brand }),
  }),
  dispute: (psp, payment, reason) => {
    const { brand, holderName } = paymentDetails(payment);
    return {
      pspReference: newPspReference(psp),
      paymentPspReference: payment.pspReference,
      reason,
      evidenceLifeMs: psp.profile.disputeEvidenceMs,
      details: asDetails({
        brand,
        reasonCode: reasonCodeOf(reason, brand),
        accepted: false,
        autoDefended: isAutoDefended(holderName ?? undefined),
        documents: [],
      }),
    };
  },
  acceptDispute: (psp, dispute) => {
    psp.bank.setDetails(dispute.pspReference, asDetails({ ...disputeDetails(dispute), accepted: true }));
  },
  captureId: (psp) => newPspReference(psp),
};
