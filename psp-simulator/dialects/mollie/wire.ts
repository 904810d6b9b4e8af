/** Captures, refunds, chargebacks and payouts as Mollie's API shows them. Complete, because the official SDK checks every field. */
import type {
  Capture,
  DisputeReason,
  DisputeRecord,
  PaymentRecord,
  PayoutRecord,
  RefundRecord,
} from '../../core/records.ts';
import { paymentDetails, payoutDetails, refundDetails } from './details.ts';
import { amountOf } from './money.ts';
import { documentation, halLink, mollieTime } from './place.ts';
import type { Place } from './place.ts';

export type RefundStatus = 'queued' | 'pending' | 'processing' | 'refunded' | 'failed' | 'canceled';
export type PayoutStatus = 'requested' | 'initiated' | 'processing-at-bank' | 'completed' | 'failed' | 'canceled';

export function captureObject(capture: Capture, payment: PaymentRecord, place: Place): Record<string, unknown> {
  const note = paymentDetails(payment).captureNotes[capture.id];
  return {
    resource: 'capture',
    id: capture.id,
    mode: 'test',
    amount: amountOf(capture.amountMinor, payment.currency),
    status: 'succeeded',
    ...(note?.description == null ? {} : { description: note.description }),
    metadata: note?.metadata ?? null,
    paymentId: payment.pspReference,
    createdAt: mollieTime(capture.atMs),
    _links: {
      self: halLink(place, `payments/${payment.pspReference}/captures/${capture.id}`),
      payment: halLink(place, `payments/${payment.pspReference}`),
      documentation: documentation('get-capture'),
    },
  };
}

export function refundStatus(record: RefundRecord): RefundStatus {
  if (record.state === 'failed') return refundDetails(record).canceled ? 'canceled' : 'failed';
  return record.state === 'pending' ? 'pending' : 'refunded';
}

/** `status` for what a webhook tells on the way; default what the books say. */
export function refundObject(
  record: RefundRecord,
  place: Place,
  status: RefundStatus = refundStatus(record),
): Record<string, unknown> {
  const { description, metadata } = refundDetails(record);
  const path = `payments/${record.paymentPspReference}`;
  return {
    resource: 'refund',
    id: record.pspReference,
    mode: 'test',
    description,
    amount: amountOf(record.amountMinor, record.currency),
    status,
    createdAt: mollieTime(record.createdAtMs),
    metadata: metadata ?? null,
    paymentId: record.paymentPspReference,
    _links: {
      self: halLink(place, `${path}/refunds/${record.pspReference}`),
      payment: halLink(place, path),
      documentation: documentation('get-refund'),
    },
  };
}

/** Reason codes of SEPA and of the card schemes. */
const CHARGEBACK_REASONS: Readonly<Record<DisputeReason, { code: string; description: string }>> = {
  fraudulent: { code: '10.4', description: 'Fraud: card absent environment' },
  product_not_received: { code: '13.1', description: 'Merchandise or services not received' },
  product_unacceptable: { code: '13.3', description: 'Not as described or defective' },
  duplicate: { code: '12.6', description: 'Duplicate processing' },
  credit_not_processed: { code: '13.6', description: 'Credit not processed' },
  general: { code: '13.7', description: 'Cancelled merchandise or services' },
};

/** The money is back when the dispute was won, or decided for the merchant after all. */
export function chargebackObject(record: DisputeRecord, place: Place): Record<string, unknown> {
  const path = `payments/${record.paymentPspReference}`;
  const reversed = record.state === 'won' || record.state === 'reversed';
  return {
    resource: 'chargeback',
    id: record.pspReference,
    amount: amountOf(record.amountMinor, record.currency),
    createdAt: mollieTime(record.createdAtMs),
    reversedAt: reversed ? mollieTime(record.updatedAtMs) : null,
    paymentId: record.paymentPspReference,
    reason: CHARGEBACK_REASONS[record.reason],
    _links: {
      self: halLink(place, `${path}/chargebacks/${record.pspReference}`),
      payment: halLink(place, path),
      documentation: documentation('get-chargeback'),
    },
  };
}

const PAYOUT_STATUS = {
  pending: 'requested',
  paid: 'completed',
  failed: 'failed',
  canceled: 'canceled',
  returned: 'failed',
} as const satisfies Record<PayoutRecord['state'], PayoutStatus>;

export function payoutObject(
  record: PayoutRecord,
  place: Place,
  status: PayoutStatus = PAYOUT_STATUS[record.state],
): Record<string, unknown> {
  const { description, balanceId } = payoutDetails(record);
  const paidAtMs = record.steps.find((step) => step.state === 'paid')?.atMs;
  const started = status !== 'requested' && status !== 'canceled';
  return {
    resource: 'payout',
    id: record.pspReference,
    mode: 'test',
    balanceId,
    amount: amountOf(record.amountMinor, record.currency),
    description,
    status,
    statusReason: payoutReason(record, status),
    createdAt: mollieTime(record.createdAtMs),
    initiatedAt: started ? mollieTime(paidAtMs ?? record.updatedAtMs) : null,
    completedAt:
      status === 'completed' || record.state === 'returned' ? mollieTime(paidAtMs ?? record.updatedAtMs) : null,
    canceledAt: status === 'canceled' ? mollieTime(record.updatedAtMs) : null,
    _links: {
      self: halLink(place, `payouts/${record.pspReference}`),
      documentation: documentation('get-payout'),
    },
  };
}

function payoutReason(record: PayoutRecord, status: PayoutStatus): { code: string; message: string } {
  if (record.state === 'returned')
    return { code: 'returned', message: 'The bank of the beneficiary returned the payout.' };
  if (status === 'failed')
    return {
      code: 'bank_processing_failed',
      message: record.failureReason ?? 'The bank could not process the payout.',
    };
  return { code: status.replaceAll('-', '_'), message: `The payout is ${status.replaceAll('-', ' ')}.` };
}
