/** Orders, refunds, payouts and disputes that nobody asked for by a request, as this dialect's own routes would have made them. */
import type { PaymentRecord } from '../../core/records.ts';
import type { DialectSamples, PspContext } from '../dialect.ts';
import { asDetails, type OrderDetails } from './details.ts';
import { codeFrom, newId, newOrderId, nextCaptureIdOf } from './ids.ts';
import { batchIdFor, itemIdOf } from './payout-batch.ts';

/** What an order is like that was paid by an ordinary card. */
export function sampleOrderDetails(reference: string, intent: OrderDetails['intent']): OrderDetails {
  return {
    intent,
    referenceId: 'default',
    customId: reference,
    invoiceId: null,
    description: null,
    softDescriptor: null,
    cancelUrl: null,
    source: { kind: 'card', brand: 'VISA', lastDigits: '1111', expiry: '2030-01', name: null },
    attempt: 1,
    pending: null,
    vault: null,
    magic: null,
    captureInvoices: {},
  };
}

export const paypalSamples: DialectSamples = {
  payment: (psp, { reference, amountMinor, currency, captureMode }) => ({
    pspReference: newOrderId(psp),
    reference,
    amountMinor,
    currency,
    captureMode,
    details: asDetails(sampleOrderDetails(reference, captureMode === 'automatic' ? 'CAPTURE' : 'AUTHORIZE')),
  }),
  refund: (psp, payment, amountMinor) => ({
    pspReference: newId(psp, 'refund'),
    paymentPspReference: payment.pspReference,
    reference: null,
    ...(amountMinor === undefined ? {} : { amountMinor }),
    details: asDetails({ captureId: lastCaptureId(payment), invoiceId: null, customId: null, note: null, slow: true }),
  }),
  payout: (psp, { reference, amountMinor, currency }) => {
    const batchId = batchIdFor(psp, psp.ids.next('paypal-batch'), 0);
    return {
      pspReference: itemIdOf(batchId, 0),
      reference,
      amountMinor,
      currency,
      details: asDetails({
        batchId,
        position: 0,
        senderBatchId: reference,
        senderItemId: reference,
        emailSubject: null,
        recipientType: 'EMAIL',
        receiver: 'player@assay.example',
        note: null,
        unclaimed: false,
      }),
    };
  },
  dispute: (psp, payment, reason) => ({
    pspReference: newDisputeId(psp),
    paymentPspReference: payment.pspReference,
    reason,
    evidenceLifeMs: psp.profile.disputeEvidenceMs,
    details: asDetails({ captureId: lastCaptureId(payment), evidence: [], accepted: false, messages: [] }),
  }),
  acceptDispute: (psp, dispute) => psp.bank.setDetails(dispute.pspReference, { ...dispute.details, accepted: true }),
  captureId: (_psp, payment) => nextCaptureIdOf(payment),
};

function newDisputeId(psp: PspContext): string {
  return `PP-R-${codeFrom(psp.ids.next('paypal-dispute'), 3)}-${codeFrom(psp.ids.next('paypal-dispute'), 8)}`;
}

function lastCaptureId(payment: PaymentRecord): string {
  return payment.captures.at(-1)?.id ?? nextCaptureIdOf(payment);
}
