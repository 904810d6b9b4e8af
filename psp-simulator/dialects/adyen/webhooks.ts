/**
 * Book change → Adyen's standard webhook: one NotificationRequestItem per call. The item has no
 * id of its own; event code, reference and success together name the event.
 *
 * An immediate capture has no event of its own: AUTHORISATION is then the last word. A
 * modification's event carries the modification's reference, and the payment's as original.
 */
import type { BookChange, PaymentChange, PayoutChange, RefundChange } from '../../core/book-change.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { PspContext, WebhookContext, WebhookDraft } from '../dialect.ts';
import { paymentDetails, pspReferenceFrom, type AdyenPayoutDetails, type AdyenRefundDetails } from './details.ts';
import { adyenAmount } from './money.ts';
import type { SignedFields } from './signature.ts';
import { refusalOf } from './wire.ts';

export interface NotificationItem extends SignedFields {
  additionalData: Record<string, string>;
  eventDate: string;
  operations?: string[];
  paymentMethod: string;
  reason: string;
}

type ItemCore = Pick<NotificationItem, 'eventCode' | 'pspReference' | 'merchantReference' | 'paymentMethod'> &
  Partial<Pick<NotificationItem, 'originalReference' | 'operations' | 'reason' | 'additionalData'>> & {
    success: boolean;
    amountMinor: number;
  };

export function adyenWebhooks(change: BookChange, context: WebhookContext): WebhookDraft[] {
  const core = itemFor(change, context);
  if (core === null) return [];
  const { record } = change;
  const { kind, state, pspReference, currency } = record;
  const reference = 'payment' in change ? change.payment.reference : record.reference;
  const claim = { kind, state, reference, pspReference, amountMinor: core.amountMinor, currency };
  return [draftOf(core, claim, { psp: context.psp, atMs: context.atMs })];
}

/** The no to a modification that was accepted for processing. The books did not change, so it claims nothing about money. */
export function modificationRefused(
  refusal: {
    eventCode: string;
    pspReference: string;
    /** Null when there is no such payment. */
    payment: PaymentRecord | null;
    merchantReference: string;
    /** The payment's reference, under which the story is told. */
    key: string | null;
    amountMinor: number;
    reason: string;
  },
  psp: PspContext,
): WebhookDraft {
  const { payment, key, eventCode, pspReference, merchantReference, amountMinor, reason } = refusal;
  const core: ItemCore = {
    eventCode,
    pspReference,
    ...(payment === null ? {} : { originalReference: payment.pspReference }),
    merchantReference,
    paymentMethod: payment === null ? '' : paymentDetails(payment).brand,
    amountMinor,
    reason,
    success: false,
  };
  // Adyen states an amount of zero in some currency where it knows no payment.
  const currency = payment?.currency ?? 'EUR';
  const claim = {
    kind: 'payment',
    state: 'modification-refused',
    reference: key,
    pspReference,
    amountMinor,
    currency,
  } as const;
  return draftOf(core, claim, { psp, atMs: psp.nowMs() });
}

function draftOf(
  core: ItemCore,
  claim: WebhookDraft['claim'],
  { psp, atMs }: { psp: PspContext; atMs: number },
): WebhookDraft {
  const { success, amountMinor, ...rest } = core;
  const item: NotificationItem = {
    additionalData: {},
    reason: '',
    ...rest,
    amount: adyenAmount(amountMinor, claim.currency),
    eventDate: eventDate(atMs),
    merchantAccountCode: psp.credentials['merchantAccount'] ?? '',
    success: success ? 'true' : 'false',
  };
  return {
    eventId: `${item.eventCode}:${item.pspReference}:${item.success}`,
    type: item.eventCode,
    body: JSON.stringify({ live: 'false', notificationItems: [{ NotificationRequestItem: item }] }),
    claim,
  };
}

function itemFor(change: BookChange, context: WebhookContext): ItemCore | null {
  switch (change.type) {
    case 'refund-created':
      return null;
    case 'refund-succeeded':
    case 'refund-failed':
      return refundItem(change);
    case 'payout-created':
      return null;
    case 'payout-paid':
    case 'payout-failed':
    case 'payout-canceled':
    case 'payout-returned':
      return payoutItem(change, context);
    case 'dispute-opened':
    case 'dispute-evidence':
    case 'dispute-won':
    case 'dispute-lost':
    case 'dispute-reversed':
      return null;
    default:
      return paymentItem(change, context);
  }
}

function paymentItem(change: PaymentChange, context: WebhookContext): ItemCore | null {
  const { record } = change;
  switch (change.type) {
    case 'payment-created':
    case 'payment-requires-action':
    case 'payment-refunded':
    case 'payment-approved':
    case 'payment-released':
    case 'payment-refund-returned':
      return null;
    case 'payment-authorized':
      return authorisation(change);
    case 'payment-captured':
      return record.captureMode === 'manual' ? captureItem(change, context) : authorisation(change);
    case 'payment-declined':
      return authorisation(change);
    case 'payment-canceled':
      return cancelItem(change, context);
    case 'payment-expired':
      return record.steps.some((step) => step.state === 'authorized')
        ? {
            ...common(change),
            eventCode: 'EXPIRE',
            success: true,
            pspReference: pspReferenceFrom(context.newId('adyen')),
            originalReference: record.pspReference,
          }
        : authorisation(change);
  }
}

function common({ record }: PaymentChange): Pick<ItemCore, 'merchantReference' | 'paymentMethod' | 'amountMinor'> {
  return {
    merchantReference: record.reference ?? '',
    paymentMethod: paymentDetails(record).brand,
    amountMinor: record.amountMinor,
  };
}

function authorisation(change: PaymentChange): ItemCore {
  const { record } = change;
  const { cardSummary, expiry } = paymentDetails(record);
  const approved = record.state === 'authorized' || record.state === 'captured';
  return {
    ...common(change),
    eventCode: 'AUTHORISATION',
    success: approved,
    pspReference: record.pspReference,
    reason: approved ? `033899:${cardSummary}:${expiry}` : refusalOf(record).refusalReason,
    additionalData: {
      cardSummary,
      expiryDate: expiry,
      ...(approved ? { authCode: '033899' } : { refusalReasonRaw: refusalOf(record).refusalReason }),
    },
    ...(approved ? { operations: ['CANCEL', 'CAPTURE', 'REFUND'] } : {}),
  };
}

function captureItem(change: PaymentChange, context: WebhookContext): ItemCore {
  const { capture } = paymentDetails(change.record);
  return {
    ...common(change),
    eventCode: 'CAPTURE',
    success: true,
    pspReference: capture?.pspReference ?? pspReferenceFrom(context.newId('adyen')),
    originalReference: change.record.pspReference,
    merchantReference: capture?.reference ?? change.record.reference ?? '',
    amountMinor: change.record.capturedMinor,
  };
}

/** Event code by the way in which the end of a payment was asked for. */
export const CANCEL_CODES = {
  cancel: 'CANCELLATION',
  technical: 'TECHNICAL_CANCEL',
  reversal: 'CANCEL_OR_REFUND',
} as const;

function cancelItem(change: PaymentChange, context: WebhookContext): ItemCore {
  const { cancel } = paymentDetails(change.record);
  const word = cancel?.word ?? 'cancel';
  return {
    ...common(change),
    eventCode: CANCEL_CODES[word],
    success: true,
    pspReference: cancel?.pspReference ?? pspReferenceFrom(context.newId('adyen')),
    originalReference: change.record.pspReference,
    merchantReference: cancel?.reference ?? change.record.reference ?? '',
    ...(word === 'reversal' ? { additionalData: { 'modification.action': 'cancel' } } : {}),
  };
}

function refundItem({ record, type }: RefundChange): ItemCore {
  const details = record.details as unknown as AdyenRefundDetails;
  const reversal = details.word === 'reversal';
  return {
    eventCode: reversal ? 'CANCEL_OR_REFUND' : 'REFUND',
    success: type === 'refund-succeeded',
    pspReference: record.pspReference,
    originalReference: record.paymentPspReference,
    merchantReference: record.reference ?? details.paymentReference ?? '',
    paymentMethod: details.brand,
    amountMinor: record.amountMinor,
    ...(type === 'refund-succeeded' ? {} : { reason: 'Refused by the issuer' }),
    ...(reversal ? { additionalData: { 'modification.action': 'refund' } } : {}),
  };
}

function payoutItem({ record, type }: PayoutChange, context: WebhookContext): ItemCore {
  const base = {
    merchantReference: record.reference ?? '',
    paymentMethod: (record.details as unknown as AdyenPayoutDetails).brand,
    amountMinor: record.amountMinor,
  };
  switch (type) {
    case 'payout-returned':
      return {
        ...base,
        eventCode: 'PAIDOUT_REVERSED',
        success: true,
        pspReference: pspReferenceFrom(context.newId('adyen')),
        originalReference: record.pspReference,
        reason: 'Returned by the receiving bank',
      };
    case 'payout-canceled':
      return { ...base, eventCode: 'PAYOUT_DECLINE', success: true, pspReference: record.pspReference };
    default:
      return {
        ...base,
        eventCode: 'PAYOUT_THIRDPARTY',
        success: type === 'payout-paid',
        pspReference: record.pspReference,
        reason: type === 'payout-paid' ? '' : (record.failureReason ?? 'Refused by the receiving bank'),
      };
  }
}

/** ISO 8601 in seconds with an offset, as Adyen writes it. */
function eventDate(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, '+00:00');
}
