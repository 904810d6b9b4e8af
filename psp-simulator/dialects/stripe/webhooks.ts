/**
 * Book change → Stripe events, in the order in which Stripe makes them. Order is a fact of
 * making only: deliveries are independent and may overtake each other.
 */
import { bug } from '../../../kernel/index.ts';
import type { BookChange, BookChangeType, PaymentChange } from '../../core/book-change.ts';
import { ChangeDraft } from '../change-draft.ts';
import type { ChangeWords } from '../change-draft.ts';
import type { PspContext } from '../dialect.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import { chargeObject, hasCharge } from './charge.ts';
import { sessionObject, sessionStatus } from './checkout-wire.ts';
import { isIntent, isSetup, sessionOf } from './details.ts';
import { disputeObject } from './dispute-wire.ts';
import { isWarned, warningObject } from './early-fraud.ts';
import { eventBody, eventDraft, isSubscribed } from './event.ts';
import { stripeFromMinor } from './money.ts';
import { setupIntentObject } from './setup-wire.ts';
import { paymentIntentObject, payoutObject, refundObject } from './wire.ts';

/**
 * Every type that a change of a plain payment, refund, payout or dispute makes. The types of
 * things that are not in the books (`customer.*`, `payment_method.*`, `reporting.*`), and those
 * of payments that only a call can make (`setup_intent.*`, `checkout.session.*`,
 * `radar.early_fraud_warning.*`), are in README.md.
 */
export const stripeEventTypes: Readonly<Record<string, BookChangeType | 'settlement'>> = {
  'payment_intent.created': 'payment-created',
  'payment_intent.requires_action': 'payment-requires-action',
  'payment_intent.amount_capturable_updated': 'payment-authorized',
  'payment_intent.succeeded': 'payment-captured',
  'payment_intent.payment_failed': 'payment-declined',
  'payment_intent.canceled': 'payment-canceled',
  'charge.succeeded': 'payment-captured',
  'charge.captured': 'payment-released',
  'charge.failed': 'payment-declined',
  'charge.expired': 'payment-expired',
  'charge.refunded': 'payment-refunded',
  'charge.updated': 'payment-refund-returned',
  'charge.refund.updated': 'refund-failed',
  'charge.dispute.created': 'dispute-opened',
  'charge.dispute.funds_withdrawn': 'dispute-opened',
  'charge.dispute.updated': 'dispute-evidence',
  'charge.dispute.funds_reinstated': 'dispute-won',
  'charge.dispute.closed': 'dispute-lost',
  'refund.created': 'refund-created',
  'refund.updated': 'refund-succeeded',
  'refund.failed': 'refund-failed',
  'payout.created': 'payout-created',
  'payout.paid': 'payout-paid',
  'payout.failed': 'payout-failed',
  'payout.canceled': 'payout-canceled',
  'payout.reconciliation_completed': 'settlement',
  'balance.available': 'settlement',
};

interface EventOf {
  type: string;
  /** Rendered only when the endpoint is subscribed to the type. */
  object: () => Record<string, unknown>;
  previous?: Record<string, unknown>;
}

export function stripeWebhooks(change: BookChange, context: WebhookContext): WebhookDraft[] {
  return eventsOf(change, context.psp)
    .filter((event) => isSubscribed(context.psp, event.type))
    .map((event) => draft(event, change, context));
}

function eventsOf(change: BookChange, psp: PspContext): EventOf[] {
  switch (change.record.kind) {
    case 'refund':
      return refundEvents(change as Extract<BookChange, { record: { kind: 'refund' } }>);
    case 'payout':
      return payoutEvents(change as Extract<BookChange, { record: { kind: 'payout' } }>);
    case 'dispute':
      return disputeEvents(change as Extract<BookChange, { record: { kind: 'dispute' } }>, psp);
    case 'payment': {
      const payment = change as PaymentChange;
      if (isSetup(payment.record)) return setupEvents(payment, psp);
      return [...intentEvents(payment, psp), ...sessionEvents(payment, psp)];
    }
  }
}

function refundEvents({ type, record }: Extract<BookChange, { record: { kind: 'refund' } }>): EventOf[] {
  const object = (): Record<string, unknown> => refundObject(record);
  // What it was before this change: a refund that fails late had succeeded.
  const previous = { status: record.steps.some(({ state }) => state === 'succeeded') ? 'succeeded' : 'pending' };
  switch (type) {
    case 'refund-created':
      return [{ type: 'refund.created', object }];
    case 'refund-succeeded':
      return [
        { type: 'refund.updated', object, previous: { status: 'pending' } },
        { type: 'charge.refund.updated', object, previous: { status: 'pending' } },
      ];
    case 'refund-failed':
      return [
        { type: 'refund.updated', object, previous },
        { type: 'charge.refund.updated', object, previous },
        { type: 'refund.failed', object },
      ];
  }
}

function payoutEvents({ type, record }: Extract<BookChange, { record: { kind: 'payout' } }>): EventOf[] {
  const object = (): Record<string, unknown> => payoutObject(record);
  switch (type) {
    case 'payout-created':
      return [{ type: 'payout.created', object }];
    case 'payout-paid':
      return [{ type: 'payout.paid', object }];
    case 'payout-canceled':
      return [{ type: 'payout.canceled', object }];
    case 'payout-failed':
      return [{ type: 'payout.failed', object, previous: { status: 'pending' } }];
    case 'payout-returned':
      return [{ type: 'payout.failed', object, previous: { status: 'paid' } }];
  }
}

function disputeEvents(
  { type, record }: Extract<BookChange, { record: { kind: 'dispute' } }>,
  psp: PspContext,
): EventOf[] {
  const object = (): Record<string, unknown> => disputeObject(record, psp);
  switch (type) {
    case 'dispute-opened':
      return [
        { type: 'charge.dispute.created', object },
        { type: 'charge.dispute.funds_withdrawn', object },
      ];
    case 'dispute-evidence':
      return [{ type: 'charge.dispute.updated', object, previous: { status: 'needs_response' } }];
    case 'dispute-won':
      return [
        { type: 'charge.dispute.funds_reinstated', object },
        { type: 'charge.dispute.closed', object },
      ];
    case 'dispute-lost':
      return [{ type: 'charge.dispute.closed', object }];
    case 'dispute-reversed':
      return [
        { type: 'charge.dispute.updated', object, previous: { status: 'lost' } },
        { type: 'charge.dispute.funds_reinstated', object },
      ];
  }
}

function setupEvents({ type, record }: PaymentChange, psp: PspContext): EventOf[] {
  const object = (): Record<string, unknown> => setupIntentObject(record, psp);
  switch (type) {
    case 'payment-created':
      return [{ type: 'setup_intent.created', object }];
    case 'payment-requires-action':
      return [{ type: 'setup_intent.requires_action', object }];
    case 'payment-authorized':
      return [{ type: 'setup_intent.succeeded', object }];
    case 'payment-declined':
      return [{ type: 'setup_intent.setup_failed', object }];
    case 'payment-canceled':
      return [{ type: 'setup_intent.canceled', object }];
    default:
      return [];
  }
}

/** The events of the intent itself; none before a Checkout page was used. */
function intentEvents(change: PaymentChange, psp: PspContext): EventOf[] {
  const { record } = change;
  if (!isIntent(record)) return [];
  const intent = (): Record<string, unknown> => paymentIntentObject(record, psp);
  const ofCharge = (type: string, previous?: Record<string, unknown>): EventOf[] =>
    hasCharge(record)
      ? [{ type, object: () => chargeObject(record), ...(previous === undefined ? {} : { previous }) }]
      : [];
  switch (change.type) {
    case 'payment-created':
      return [{ type: 'payment_intent.created', object: intent }];
    case 'payment-requires-action':
      return [{ type: 'payment_intent.requires_action', object: intent }];
    case 'payment-authorized':
      return [...ofCharge('charge.succeeded'), { type: 'payment_intent.amount_capturable_updated', object: intent }];
    case 'payment-captured':
      return [...captureEvents(change, intent), ...warningEvents(change)];
    case 'payment-declined':
      return [...ofCharge('charge.failed'), { type: 'payment_intent.payment_failed', object: intent }];
    case 'payment-canceled':
      return [{ type: 'payment_intent.canceled', object: intent }];
    case 'payment-expired':
      return [...ofCharge('charge.expired'), { type: 'payment_intent.canceled', object: intent }];
    case 'payment-released':
      return [...ofCharge('charge.captured'), { type: 'payment_intent.succeeded', object: intent }];
    case 'payment-refunded':
      return ofCharge('charge.refunded', refundedBefore(change, -change.movedMinor));
    case 'payment-refund-returned':
      return ofCharge('charge.updated', refundedBefore(change, change.movedMinor));
    case 'payment-approved':
      return [];
  }
}

/** While more captures may follow, the intent stays open: only its amounts move. */
function captureEvents({ record }: PaymentChange, intent: EventOf['object']): EventOf[] {
  const charge = (): Record<string, unknown> => chargeObject(record);
  if (record.capturableMinor > 0) {
    return [
      { type: 'charge.updated', object: charge },
      { type: 'payment_intent.amount_capturable_updated', object: intent },
    ];
  }
  const type = record.captureMode === 'manual' ? 'charge.captured' : 'charge.succeeded';
  return [
    { type, object: charge },
    { type: 'payment_intent.succeeded', object: intent },
  ];
}

function warningEvents({ record }: PaymentChange): EventOf[] {
  if (record.captures.length !== 1 || !isWarned(record)) return [];
  return [{ type: 'radar.early_fraud_warning.created', object: () => warningObject(record) }];
}

function sessionEvents({ type, record }: PaymentChange, psp: PspContext): EventOf[] {
  if (sessionOf(record) === null) return [];
  const object = (): Record<string, unknown> => sessionObject(record, psp);
  const completes =
    type === 'payment-authorized' || (type === 'payment-captured' && record.captureMode === 'automatic');
  if (completes) return [{ type: 'checkout.session.completed', object }];
  const ends = type === 'payment-declined' || type === 'payment-canceled';
  return ends && sessionStatus(record) === 'expired' ? [{ type: 'checkout.session.expired', object }] : [];
}

function refundedBefore({ record }: PaymentChange, differenceMinor: number): Record<string, unknown> {
  return { amount_refunded: stripeFromMinor(record.refundedMinor + differenceMinor, record.currency) };
}

/** The object of a plain payment says nothing but what the record says; others are looked up in the books as they are now. */
function draft({ type, object, previous }: EventOf, change: BookChange, context: WebhookContext): WebhookDraft {
  const { psp, atMs } = context;
  const eventId = context.newId('evt');
  if (isPlainPayment(change)) return new ChangeDraft(WORDS, { eventId, type, change, psp });
  return eventDraft({ eventId, type, object: object(), previous, atMs, claim: claimOf(change) });
}

function isPlainPayment({ record }: BookChange): boolean {
  return record.kind === 'payment' && !isSetup(record) && sessionOf(record) === null;
}

const WORDS: ChangeWords = {
  body: ({ eventId, type, change, psp }) => {
    const event = eventsOf(change, psp).find((candidate) => candidate.type === type);
    if (event === undefined) bug(`stripe forgot how to write ${type} of ${change.type}`);
    return eventBody({ eventId, type, object: event.object(), previous: event.previous, atMs: change.atMs });
  },
  claim: claimOf,
};

function claimOf(change: BookChange): WebhookDraft['claim'] {
  const { record } = change;
  return {
    kind: record.kind,
    state: record.state,
    reference: 'payment' in change ? change.payment.reference : record.reference,
    pspReference: record.pspReference,
    amountMinor: change.type === 'payment-captured' ? change.record.capturedMinor : record.amountMinor,
    currency: record.currency,
  };
}
