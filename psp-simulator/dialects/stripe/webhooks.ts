/**
 * Book change → Stripe events, in the order in which Stripe makes them. Order is a fact of
 * making only: deliveries are independent and may overtake each other.
 *
 * Which types reach the merchant is the endpoint's subscription (`webhookEvents` of the
 * profile); without one it is DEFAULT_TYPES: every type that says what became of money.
 */
import type { BookChange } from '../../core/book-change.ts';
import type { WebhookContext, WebhookDraft } from '../dialect.ts';
import { chargeObject, hasCharge } from './charge.ts';
import { seconds } from './details.ts';
import { stripeFromMinor } from './money.ts';
import { paymentIntentObject, payoutObject, refundObject } from './wire.ts';

/** The API version that events are rendered in. */
export const API_VERSION = '2026-10-28.endive';

export const DEFAULT_TYPES: ReadonlySet<string> = new Set([
  'payment_intent.requires_action',
  'payment_intent.amount_capturable_updated',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'payout.paid',
  'payout.failed',
  'payout.canceled',
]);

interface EventOf {
  type: string;
  /** Rendered only when the endpoint is subscribed to the type. */
  object: () => Record<string, unknown>;
  previous?: Record<string, unknown>;
}

export function stripeWebhooks(change: BookChange, context: WebhookContext): WebhookDraft[] {
  const wanted = context.psp.profile.webhookEvents;
  const subscribed = (type: string): boolean =>
    wanted === undefined ? DEFAULT_TYPES.has(type) : wanted.includes('*') || wanted.includes(type);
  return eventsOf(change, context)
    .filter((event) => subscribed(event.type))
    .map((event) => draft(event, change, context));
}

function eventsOf(change: BookChange, context: WebhookContext): EventOf[] {
  switch (change.type) {
    case 'refund-created':
      return [{ type: 'refund.created', object: () => refundObject(change.record) }];
    case 'refund-succeeded':
      return [{ type: 'refund.updated', object: () => refundObject(change.record), previous: { status: 'pending' } }];
    case 'refund-failed':
      return [
        { type: 'refund.updated', object: () => refundObject(change.record), previous: { status: 'pending' } },
        { type: 'refund.failed', object: () => refundObject(change.record) },
      ];
    case 'payout-created':
      return [{ type: 'payout.created', object: () => payoutObject(change.record) }];
    case 'payout-paid':
      return [{ type: 'payout.paid', object: () => payoutObject(change.record) }];
    case 'payout-canceled':
      return [{ type: 'payout.canceled', object: () => payoutObject(change.record) }];
    case 'payout-failed':
      return [{ type: 'payout.failed', object: () => payoutObject(change.record), previous: { status: 'pending' } }];
    case 'payout-returned':
      return [{ type: 'payout.failed', object: () => payoutObject(change.record), previous: { status: 'paid' } }];
    default:
      return paymentEvents(change, context);
  }
}

function paymentEvents(
  change: Extract<BookChange, { record: { kind: 'payment' } }>,
  context: WebhookContext,
): EventOf[] {
  const { record } = change;
  const intent = (): Record<string, unknown> => paymentIntentObject(record, context.psp);
  const ofCharge = (type: string): EventOf[] =>
    hasCharge(record) ? [{ type, object: () => chargeObject(record) }] : [];
  switch (change.type) {
    case 'payment-created':
      return [{ type: 'payment_intent.created', object: intent }];
    case 'payment-requires-action':
      return [{ type: 'payment_intent.requires_action', object: intent }];
    case 'payment-authorized':
      return [...ofCharge('charge.succeeded'), { type: 'payment_intent.amount_capturable_updated', object: intent }];
    case 'payment-captured':
      return [
        ...ofCharge(record.captureMode === 'manual' ? 'charge.captured' : 'charge.succeeded'),
        { type: 'payment_intent.succeeded', object: intent },
      ];
    case 'payment-declined':
      return [...ofCharge('charge.failed'), { type: 'payment_intent.payment_failed', object: intent }];
    case 'payment-canceled':
      return [{ type: 'payment_intent.canceled', object: intent }];
    case 'payment-expired':
      return [...ofCharge('charge.expired'), { type: 'payment_intent.canceled', object: intent }];
    case 'payment-refunded':
      return ofCharge('charge.refunded').map((event) => ({
        ...event,
        previous: { amount_refunded: stripeFromMinor(record.refundedMinor - change.movedMinor, record.currency) },
      }));
  }
}

function draft(event: EventOf, change: BookChange, context: WebhookContext): WebhookDraft {
  const { record } = change;
  const eventId = context.newId('evt');
  const body = {
    id: eventId,
    object: 'event',
    api_version: API_VERSION,
    created: seconds(context.atMs),
    data: { object: event.object(), ...(event.previous === undefined ? {} : { previous_attributes: event.previous }) },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: event.type,
  };
  return {
    eventId,
    type: event.type,
    body: JSON.stringify(body, null, 2),
    claim: {
      kind: record.kind,
      state: record.state,
      reference: 'payment' in change ? change.payment.reference : record.reference,
      pspReference: record.pspReference,
      amountMinor: change.type === 'payment-captured' ? change.record.capturedMinor : record.amountMinor,
      currency: record.currency,
    },
  };
}
