/**
 * Book change → what Mollie tells, in the order of making: the classic webhook of the payment
 * (paid, authorized, failed, canceled, expired, refunds, chargebacks; never while open), and
 * next-generation events for the same and for captures and payouts.
 */
import type { BookChange, BookChangeType } from '../../core/book-change.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import { refundDetails } from './details.ts';
import { ownPlace } from './place.ts';
import type { Place } from './place.ts';
import { classicDraft, nextGenDraft, wants, wantsClassic } from './webhook-drafts.ts';
import { captureObject, chargebackObject, payoutObject, refundObject } from './wire.ts';
import type { PayoutStatus, RefundStatus } from './wire.ts';
import { paymentObject } from './wire-payment.ts';

/** Every type that is sent, and the change that makes it. `refund.canceled` is announced by its route. */
export const MOLLIE_EVENT_TYPES: Readonly<Record<string, BookChangeType | 'settlement'>> = {
  'payment.authorized': 'payment-authorized',
  'payment.paid': 'payment-captured',
  'payment.failed': 'payment-declined',
  'payment.canceled': 'payment-canceled',
  'payment.expired': 'payment-expired',
  'capture.succeeded': 'payment-captured',
  'refund.pending': 'refund-created',
  'refund.processing': 'refund-succeeded',
  'refund.refunded': 'refund-succeeded',
  'refund.failed': 'refund-failed',
  'chargeback.received': 'dispute-opened',
  'chargeback.reversed': 'dispute-won',
  'payout.initiated': 'payout-paid',
  'payout.processing-at-bank': 'payout-paid',
  'payout.completed': 'payout-paid',
  'payout.failed': 'payout-failed',
  'payout.canceled': 'payout-canceled',
  'balance-transaction.created': 'settlement',
};

interface EventOf {
  type: string;
  /** Rendered only when somebody wants it. */
  entity(place: Place): Record<string, unknown>;
  entityId?: string;
  path: string;
  /** In neutral words; default the record's. */
  state?: string;
  amountMinor?: number;
  /** Does the classic webhook tell this too? */
  classic: boolean;
}

export function mollieWebhooks(change: BookChange, context: WebhookContext): WebhookDraft[] {
  const { psp, atMs } = context;
  const payment = paymentOf(change);
  const reference = payment === null ? change.record.reference : payment.reference;
  return eventsOf(change).flatMap((event) => {
    const base = {
      type: event.type,
      entity: null,
      path: event.path,
      record: change.record,
      reference,
      state: event.state ?? change.record.state,
      ...(event.amountMinor === undefined ? {} : { amountMinor: event.amountMinor }),
      ...(event.entityId === undefined ? {} : { entityId: event.entityId }),
      psp,
      atMs,
    };
    const classic =
      event.classic && payment !== null && wantsClassic(payment)
        ? [classicDraft({ ...base, eventId: '' }, payment)]
        : [];
    const nextGen = wants(psp, event.type)
      ? [nextGenDraft({ ...base, entity: event.entity(ownPlace(psp)), eventId: context.newId('event') })]
      : [];
    return [...classic, ...nextGen];
  });
}

function eventsOf(change: BookChange): EventOf[] {
  switch (change.type) {
    case 'payment-authorized':
      return [paymentEvent('payment.authorized', change.record)];
    case 'payment-captured':
      return captured(change.record);
    case 'payment-declined':
      return [paymentEvent('payment.failed', change.record)];
    case 'payment-canceled':
      return [paymentEvent('payment.canceled', change.record)];
    case 'payment-expired':
      return [paymentEvent('payment.expired', change.record)];
    case 'payment-released':
      // With a part of it captured and nothing left to capture, it is paid now.
      return [{ ...paymentEvent('payment.paid', change.record), amountMinor: change.record.capturedMinor }];
    case 'refund-created':
      return [refundEvent(change, 'pending', { classic: false })];
    case 'refund-succeeded':
      return [refundEvent(change, 'processing', { state: 'pending' }), refundEvent(change, 'refunded')];
    case 'refund-failed':
      return refundDetails(change.record).canceled ? [] : [refundEvent(change, 'failed')];
    case 'dispute-opened':
      return [chargebackEvent(change, 'chargeback.received')];
    case 'dispute-won':
    case 'dispute-reversed':
      return [chargebackEvent(change, 'chargeback.reversed')];
    case 'payout-paid':
      return [
        payoutEvent(change, 'initiated', 'pending'),
        payoutEvent(change, 'processing-at-bank', 'pending'),
        payoutEvent(change, 'completed'),
      ];
    case 'payout-failed':
    case 'payout-returned':
      return [payoutEvent(change, 'failed')];
    case 'payout-canceled':
      return [payoutEvent(change, 'canceled')];
    // An open payment is not told of, and neither is what a merchant or a scheme does to a chargeback on the way.
    case 'payment-created':
    case 'payment-requires-action':
    case 'payment-approved':
    case 'payment-refunded':
    case 'payment-refund-returned':
    case 'payout-created':
    case 'dispute-evidence':
    case 'dispute-lost':
      return [];
  }
}

function captured(record: PaymentRecord): EventOf[] {
  const capture = record.captures.at(-1);
  const paid = { ...paymentEvent('payment.paid', record), amountMinor: record.capturedMinor };
  const ended = record.capturableMinor === 0 ? [paid] : [];
  if (record.captureMode === 'automatic' || capture === undefined) return ended;
  const succeeded: EventOf = {
    type: 'capture.succeeded',
    entity: (place) => captureObject(capture, record, place),
    entityId: capture.id,
    path: `payments/${record.pspReference}/captures/${capture.id}`,
    amountMinor: record.capturedMinor,
    classic: false,
  };
  return [succeeded, ...ended];
}

function paymentEvent(type: string, record: PaymentRecord): EventOf {
  return {
    type,
    entity: (place) => paymentObject(record, place),
    path: `payments/${record.pspReference}`,
    classic: true,
  };
}

type RefundChange = Extract<BookChange, { record: { kind: 'refund' } }>;
type PayoutChange = Extract<BookChange, { record: { kind: 'payout' } }>;
type DisputeChange = Extract<BookChange, { record: { kind: 'dispute' } }>;

function refundEvent(
  { record, payment }: RefundChange,
  status: RefundStatus,
  more: { state?: string; classic?: boolean } = {},
): EventOf {
  return {
    type: `refund.${status}`,
    entity: (place) => refundObject(record, place, status),
    path: `payments/${payment.pspReference}/refunds/${record.pspReference}`,
    classic: true,
    ...more,
  };
}

function chargebackEvent({ record, payment }: DisputeChange, type: string): EventOf {
  return {
    type,
    entity: (place) => chargebackObject(record, place),
    path: `payments/${payment.pspReference}/chargebacks/${record.pspReference}`,
    classic: true,
  };
}

function payoutEvent({ record }: PayoutChange, status: PayoutStatus, state?: string): EventOf {
  return {
    type: `payout.${status}`,
    entity: (place) => payoutObject(record, place, status),
    path: `payouts/${record.pspReference}`,
    ...(state === undefined ? {} : { state }),
    classic: false,
  };
}

function paymentOf(change: BookChange): PaymentRecord | null {
  if ('payment' in change) return change.payment;
  return change.record.kind === 'payment' ? change.record : null;
}
