/**
 * Book change → Checkout.com's events. Deliveries are independent and their order is not
 * promised. Which types reach the merchant is the workflow's subscription (`webhookEvents` of
 * the profile); without one it is all of them.
 */
import { isoTime } from '../../../kernel/index.ts';
import type { BookChange, BookChangeType, DisputeChange, PayoutChange, RefundChange } from '../../core/book-change.ts';
import type { PayoutRecord } from '../../core/records.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import { refundResponse } from './actions.ts';
import { paymentDetails, payoutDetails, refundDetails } from './details.ts';
import { categoryOf, schemeOf, statusOf } from './disputes.ts';
import { eventDraft, type EventOf } from './event.ts';
import { actionIdOf, idFrom } from './ids.ts';
import { checkoutAmount } from './money.ts';
import { paymentEvents } from './payment-events.ts';
import { payoutResponse } from './payouts.ts';
import { balances, cleaned, links, processing } from './wire.ts';

/** Every type that this dialect sends, and the change that makes it. */
export const EVENT_TYPES: Readonly<Record<string, BookChangeType>> = {
  payment_pending: 'payment-requires-action',
  payment_approved: 'payment-authorized',
  payment_declined: 'payment-declined',
  payment_authentication_failed: 'payment-declined',
  payment_captured: 'payment-captured',
  payment_voided: 'payment-canceled',
  payment_canceled: 'payment-canceled',
  payment_expired: 'payment-expired',
  payment_refunded: 'refund-succeeded',
  payment_refund_declined: 'refund-failed',
  payment_paid: 'payout-paid',
  payment_returned: 'payout-returned',
  authentication_started: 'payment-requires-action',
  authentication_approved: 'payment-authorized',
  authentication_attempted: 'payment-authorized',
  authentication_failed: 'payment-declined',
  authentication_expired: 'payment-declined',
  dispute_evidence_required: 'dispute-opened',
  dispute_evidence_submitted: 'dispute-evidence',
  dispute_accepted: 'dispute-lost',
  dispute_expired: 'dispute-lost',
  dispute_won: 'dispute-won',
  dispute_lost: 'dispute-lost',
  dispute_arbitration_won: 'dispute-reversed',
};

export function checkoutWebhooks(change: BookChange, context: WebhookContext): WebhookDraft[] {
  const wanted = context.psp.profile.webhookEvents;
  const subscribed = (type: string): boolean => wanted === undefined || wanted.includes('*') || wanted.includes(type);
  return eventsOf(change, context)
    .filter((event) => subscribed(event.type))
    .map((event) => eventDraft(event, context));
}

function eventsOf(change: BookChange, context: WebhookContext): EventOf[] {
  switch (change.type) {
    case 'refund-created':
    case 'payout-created':
      return [];
    case 'refund-succeeded':
    case 'refund-failed':
      return [refundEvent(change, context)];
    case 'payout-paid':
    case 'payout-failed':
    case 'payout-canceled':
    case 'payout-returned':
      return [payoutEvent(change, context)];
    case 'dispute-opened':
    case 'dispute-evidence':
    case 'dispute-won':
    case 'dispute-lost':
    case 'dispute-reversed':
      return [disputeEvent(change, context)];
    default:
      return paymentEvents(change, context);
  }
}

function refundEvent({ record, payment }: RefundChange, context: WebhookContext): EventOf {
  const { code, summary } = refundResponse(record);
  const { self, actions } = links(payment, context.psp);
  return {
    type: record.state === 'failed' ? 'payment_refund_declined' : 'payment_refunded',
    subject: payment.pspReference,
    data: () =>
      cleaned({
        id: payment.pspReference,
        action_id: record.pspReference,
        reference: record.reference ?? payment.reference,
        amount: checkoutAmount(record.amountMinor, record.currency),
        currency: record.currency,
        processed_on: isoTime(context.atMs),
        response_code: code,
        response_summary: summary,
        balances: balances(payment),
        metadata: { ...paymentDetails(payment).metadata, ...refundDetails(record).metadata },
        processing: processing(record.pspReference),
        event_links: { payment: self?.href, payment_actions: actions?.href },
      }),
    links: { payment: self ?? { href: '' }, payment_actions: actions ?? { href: '' } },
    claim: {
      kind: 'refund',
      state: record.state,
      reference: payment.reference,
      pspReference: record.pspReference,
      amountMinor: record.amountMinor,
      currency: record.currency,
    },
  };
}

const PAYOUT_EVENTS: Readonly<Record<Exclude<PayoutRecord['state'], 'pending'>, string>> = {
  paid: 'payment_paid',
  failed: 'payment_declined',
  canceled: 'payment_canceled',
  returned: 'payment_returned',
};

function payoutEvent({ record }: PayoutChange, context: WebhookContext): EventOf {
  const { code, summary } = payoutResponse(record);
  const details = payoutDetails(record);
  const self = `${context.psp.url}/payments/${record.pspReference}`;
  const { state } = record;
  return {
    type: state === 'pending' ? 'payment_pending' : PAYOUT_EVENTS[state],
    subject: record.pspReference,
    data: () =>
      cleaned({
        id: record.pspReference,
        action_id: actionIdOf(record.pspReference, state === 'returned' ? 'return' : 'payout'),
        reference: record.reference,
        amount: checkoutAmount(record.amountMinor, record.currency),
        currency: record.currency,
        processed_on: isoTime(context.atMs),
        response_code: code,
        response_summary: summary,
        reason: state === 'returned' ? 'Returned by the receiving bank' : null,
        destination: details.destination,
        metadata: details.metadata,
        event_links: { payment: self, payment_actions: `${self}/actions` },
      }),
    links: { payment: { href: self }, payment_actions: { href: `${self}/actions` } },
    claim: {
      kind: 'payout',
      state,
      reference: record.reference,
      pspReference: record.pspReference,
      amountMinor: record.amountMinor,
      currency: record.currency,
    },
  };
}

function disputeType(change: DisputeChange): string {
  switch (change.type) {
    case 'dispute-opened':
      return 'dispute_evidence_required';
    case 'dispute-evidence':
      return 'dispute_evidence_submitted';
    case 'dispute-won':
      return 'dispute_won';
    case 'dispute-reversed':
      return 'dispute_arbitration_won';
    case 'dispute-lost':
      return `dispute_${statusOf(change.record)}`;
  }
}

function disputeEvent(change: DisputeChange, context: WebhookContext): EventOf {
  const { record, payment } = change;
  const { psp } = context;
  return {
    type: disputeType(change),
    subject: record.pspReference,
    data: () => {
      const { category, reasonCode } = categoryOf(record, payment);
      return cleaned({
        id: record.pspReference,
        date: isoTime(context.atMs),
        category,
        amount: checkoutAmount(record.amountMinor, record.currency),
        currency: record.currency,
        reason_code: reasonCode,
        status: statusOf(record),
        payment_id: payment.pspReference,
        payment_action_id: actionIdOf(payment.pspReference, 'authorization'),
        payment_reference: payment.reference,
        payment_method: schemeOf(payment).toUpperCase(),
        client_id: psp.credentials['clientId'],
        processing_channel_id: paymentDetails(payment).processingChannelId ?? idFrom('pc', psp.name),
        entity_id: psp.credentials['entityId'],
        evidence_required_by: record.state === 'open' ? isoTime(record.evidenceDueMs) : null,
      });
    },
    links: { payment: { href: `${psp.url}/payments/${payment.pspReference}` } },
    claim: {
      kind: 'dispute',
      state: record.state,
      reference: payment.reference,
      pspReference: record.pspReference,
      amountMinor: record.amountMinor,
      currency: record.currency,
    },
  };
}
