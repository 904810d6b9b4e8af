/**
 * A change of the books that never happened, for mocked events: the records look like real ones
 * and are in no books.
 */
import type { BookChange, BookChangeType } from '../../core/book-change.ts';
import type { DisputeRecord, PaymentRecord, PayoutRecord, RefundRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { asDetails } from './details.ts';
import { codeFrom, nextCaptureIdOf } from './ids.ts';
import { sampleOrderDetails } from './samples.ts';

const AMOUNT_MINOR = 10_000;
const CURRENCY = 'USD';

type Base = Pick<PaymentRecord, 'reference' | 'currency' | 'amountMinor' | 'createdAtMs' | 'updatedAtMs' | 'steps'>;

export function madeUpChange(type: BookChangeType, psp: PspContext): BookChange {
  const atMs = psp.nowMs();
  const change = { type, index: 0, atMs, movedMinor: AMOUNT_MINOR };
  const base: Base = {
    reference: null,
    currency: CURRENCY,
    amountMinor: AMOUNT_MINOR,
    createdAtMs: atMs,
    updatedAtMs: atMs,
    steps: [{ atMs, state: 'authorized', amountMinor: 0 }],
  };
  const payment = madeUpPayment(type, base);
  if (type.startsWith('refund-')) return { ...change, record: refund(type, base, payment), payment } as BookChange;
  if (type.startsWith('dispute-')) return { ...change, record: dispute(type, base, payment), payment } as BookChange;
  if (type.startsWith('payout-')) return { ...change, record: payout(type, base) } as BookChange;
  return { ...change, record: payment } as BookChange;
}

function madeUpPayment(type: BookChangeType, base: Base): PaymentRecord {
  const isTwoStep = type === 'payment-authorized' || type === 'payment-canceled';
  const captured = !isTwoStep && type !== 'payment-declined' && type !== 'payment-approved';
  const payment: PaymentRecord = {
    ...base,
    kind: 'payment',
    pspReference: `${codeFrom('mocked order', 14)}00R`,
    state: captured ? 'captured' : stateOf(type),
    capturedMinor: captured ? base.amountMinor : 0,
    refundedMinor: 0,
    captureMode: isTwoStep ? 'manual' : 'automatic',
    captures: [],
    capturableMinor: type === 'payment-authorized' ? base.amountMinor : 0,
    disputedMinor: 0,
    method: 'card',
    methodToken: null,
    declineReason: type === 'payment-declined' ? 'generic' : null,
    authentication: null,
    fate: {},
    threeDs: 'none',
    challengeId: null,
    returnUrl: null,
    details: asDetails(sampleOrderDetails('mocked', isTwoStep ? 'AUTHORIZE' : 'CAPTURE')),
  };
  if (!captured) return payment;
  const capture = { id: nextCaptureIdOf(payment), amountMinor: base.amountMinor, atMs: base.createdAtMs, final: true };
  return { ...payment, captures: [capture] };
}

function stateOf(type: BookChangeType): PaymentRecord['state'] {
  if (type === 'payment-declined') return 'declined';
  if (type === 'payment-canceled') return 'canceled';
  return type === 'payment-authorized' ? 'authorized' : 'created';
}

function refund(type: BookChangeType, base: Base, payment: PaymentRecord): RefundRecord {
  const state = type === 'refund-created' ? 'pending' : type === 'refund-failed' ? 'failed' : 'succeeded';
  const captureId = payment.captures[0]?.id ?? '';
  return {
    ...base,
    kind: 'refund',
    pspReference: codeFrom('mocked refund', 17),
    paymentPspReference: payment.pspReference,
    state,
    settles: state === 'failed' ? 'failed' : 'succeeded',
    details: asDetails({ captureId, invoiceId: null, customId: null, note: null, slow: true }),
  };
}

function dispute(type: BookChangeType, base: Base, payment: PaymentRecord): DisputeRecord {
  const states = { 'dispute-evidence': 'under_review', 'dispute-won': 'won', 'dispute-lost': 'lost' } as const;
  return {
    ...base,
    kind: 'dispute',
    pspReference: 'PP-R-MOC-00000001',
    paymentPspReference: payment.pspReference,
    state: type in states ? states[type as keyof typeof states] : 'open',
    reason: 'general',
    evidenceDueMs: base.createdAtMs,
    ends: null,
    details: asDetails({ captureId: payment.captures[0]?.id ?? '', evidence: [], accepted: false, messages: [] }),
  };
}

function payout(type: BookChangeType, base: Base): PayoutRecord {
  const state = type.slice('payout-'.length);
  return {
    ...base,
    kind: 'payout',
    pspReference: `${codeFrom('mocked batch', 10)}001`,
    state: state === 'created' ? 'pending' : (state as PayoutRecord['state']),
    outcome: 'paid',
    failureReason: null,
    details: asDetails({
      batchId: `${codeFrom('mocked batch', 10)}000`,
      position: 0,
      senderBatchId: 'mocked',
      senderItemId: null,
      emailSubject: null,
      recipientType: 'EMAIL',
      receiver: 'player@assay.example',
      note: null,
      unclaimed: false,
    }),
  };
}
