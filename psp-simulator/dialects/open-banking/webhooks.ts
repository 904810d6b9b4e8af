/**
 * Events: what became of payments, refunds and payouts. Beside TrueLayer's fields each one names
 * amount and currency, so that a fault can lie about them; a receiver that reads the payment
 * instead of trusting an event never notices.
 */
import { isoTime } from '../../../kernel/index.ts';
import type { BookChange, BookChangeType, PaymentChange } from '../../core/book-change.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import { detailsOf } from './details.ts';
import { uuidOf } from './keys.ts';
import { payoutFailure } from './payouts.ts';
import { refundFailure } from './refunds.ts';
import { failureOf, methodOf, paymentSource } from './wire.ts';

export const OPEN_BANKING_EVENTS: Readonly<Record<string, BookChangeType>> = {
  payment_authorized: 'payment-captured',
  payment_executed: 'payment-captured',
  payment_settled: 'payment-captured',
  payment_failed: 'payment-declined',
  refund_executed: 'refund-succeeded',
  refund_failed: 'refund-failed',
  payout_executed: 'payout-paid',
  payout_failed: 'payout-failed',
};

/** Off unless it is asked for, as with the real one. */
const ON_REQUEST: readonly string[] = ['payment_authorized'];

type Facts = Record<string, unknown>;

export function openBankingWebhooks(change: BookChange, context: WebhookContext): WebhookDraft[] {
  const wanted = context.psp.profile.webhookEvents;
  return eventsOf(change, isoTime(context.atMs))
    .filter(([type]) =>
      wanted === undefined ? !ON_REQUEST.includes(type) : wanted.includes('*') || wanted.includes(type),
    )
    .map(([type, facts]) => draft(change, { type, facts, eventId: uuidOf(context.newId('event')) }));
}

function eventsOf(change: BookChange, at: string): [type: string, facts: Facts][] {
  switch (change.type) {
    case 'payment-captured':
      return paidEvents(change, at);
    case 'payment-declined':
    case 'payment-canceled':
    case 'payment-expired':
      return [['payment_failed', { ...aboutPayment(change), failed_at: at, ...failureOf(change.record) }]];
    case 'refund-succeeded':
      return [['refund_executed', { ...aboutRefund(change), executed_at: at }]];
    case 'refund-failed':
      return [
        ['refund_failed', { ...aboutRefund(change), failed_at: at, failure_reason: refundFailure(change.record) }],
      ];
    case 'payout-paid':
      return [['payout_executed', { ...aboutPayout(change), executed_at: at }]];
    case 'payout-failed':
    case 'payout-canceled':
    case 'payout-returned':
      return [
        ['payout_failed', { ...aboutPayout(change), failed_at: at, failure_reason: payoutFailure(change.record) }],
      ];
    default:
      return [];
  }
}

/** The bank's word comes first; money in the merchant account is a second event. */
function paidEvents(change: PaymentChange, at: string): [string, Facts][] {
  const about = aboutPayment(change);
  const events: [string, Facts][] = [
    ['payment_authorized', { ...about, authorized_at: at }],
    ['payment_executed', { ...about, executed_at: at }],
  ];
  if (detailsOf(change.record).beneficiary === 'external_account') return events;
  const source = { payment_source: paymentSource(change.record) };
  return [...events, ['payment_settled', { ...about, settled_at: at, ...source }]];
}

function aboutPayment({ record }: PaymentChange): Facts {
  const details = detailsOf(record);
  return {
    payment_id: record.pspReference,
    payment_method: methodOf(details, record.currency),
    metadata: details.metadata,
  };
}

function aboutRefund({
  record,
  payment,
}: Extract<BookChange, { payment: unknown; record: { kind: 'refund' } }>): Facts {
  return { refund_id: record.pspReference, payment_id: payment.pspReference, metadata: record.details['metadata'] };
}

function aboutPayout({ record }: Extract<BookChange, { record: { kind: 'payout' } }>): Facts {
  const beneficiary = record.details['beneficiary'] as Facts;
  return {
    payout_id: record.pspReference,
    beneficiary: { type: beneficiary['type'] },
    metadata: record.details['metadata'],
  };
}

function draft(
  change: BookChange,
  { type, facts, eventId }: { type: string; facts: Facts; eventId: string },
): WebhookDraft {
  const { record } = change;
  const { amountMinor, currency, pspReference } = record;
  const body = { type, event_id: eventId, event_version: 1, ...facts, amount_in_minor: amountMinor, currency };
  const reference = 'payment' in change ? change.payment.reference : record.reference;
  return {
    eventId,
    type,
    body: JSON.stringify(body),
    claim: { kind: record.kind, state: record.state, reference, pspReference, amountMinor, currency },
  };
}
