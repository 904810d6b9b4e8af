/**
 * Book change → PayPal events. A capture, an authorization, a refund, a payout and a dispute
 * each tell of themselves; an order tells only that its payer approved it.
 */
import type { BookChange, DisputeChange, PaymentChange, PayoutChange, RefundChange } from '../../core/book-change.ts';
import type { PspContext } from '../dialect.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import { payoutDetails, refundDetails } from './details.ts';
import { disputeObject } from './disputes.ts';
import type { EventType } from './event-types.ts';
import { isoSeconds } from './fields.ts';
import { codeFrom } from './ids.ts';
import { paypalMoney, paypalValue } from './money.ts';
import { batchOf, isBatchDone } from './payout-batch.ts';
import { batchHeader, itemObject } from './payout-wire.ts';
import { orderAnswer, wasAuthorized } from './wire.ts';
import { authorizationObject, captureObjects, refundObject, withRelations } from './wire-payments.ts';

type JsonObject = Record<string, unknown>;

export interface EventContent {
  type: EventType;
  resourceType: 'checkout-order' | 'authorization' | 'capture' | 'refund' | 'payouts' | 'payouts_item' | 'dispute';
  summary: string;
  resource: JsonObject;
  /** What the event is about, in minor units. */
  amountMinor: number;
}

export function paypalWebhooks(change: BookChange, context: WebhookContext): WebhookDraft[] {
  const wanted = context.psp.profile.webhookEvents;
  const subscribed = (type: string): boolean => wanted === undefined || wanted.includes('*') || wanted.includes(type);
  return eventsOf(change, context.psp)
    .filter(({ type }) => subscribed(type))
    .map((content) => {
      const eventId = `WH-${codeFrom(context.newId('paypal-event'), 17)}-${codeFrom(context.newId('paypal-event'), 17)}`;
      return {
        eventId,
        type: content.type,
        body: eventBody(eventId, content, context),
        ...(change.record.kind === 'payout' ? { about: [payoutDetails(change.record).batchId] } : {}),
        claim: claimOf(change, content.amountMinor),
      };
    });
}

/** The events of a change, in order. Also for changes that faults or a mock made up. */
export function eventsOf(change: BookChange, psp: PspContext): EventContent[] {
  switch (change.record.kind) {
    case 'payment':
      return paymentEvents(change as PaymentChange, psp);
    case 'refund':
      return refundEvents(change as RefundChange, psp);
    case 'payout':
      return payoutEvents(change as PayoutChange, psp);
    case 'dispute':
      return disputeEvents(change as DisputeChange, psp);
  }
}

export function eventBody(
  eventId: string,
  content: EventContent,
  { psp, atMs }: { psp: PspContext; atMs: number },
): string {
  const url = `${psp.url}/v1/notifications/webhooks-events/${eventId}`;
  const older = ['payouts', 'payouts_item', 'dispute'].includes(content.resourceType);
  return JSON.stringify({
    id: eventId,
    event_version: '1.0',
    create_time: new Date(atMs).toISOString(),
    resource_type: content.resourceType,
    ...(older ? {} : { resource_version: '2.0' }),
    event_type: content.type,
    summary: content.summary,
    resource: content.resource,
    links: [
      { href: url, rel: 'self', method: 'GET' },
      { href: `${url}/resend`, rel: 'resend', method: 'POST' },
    ],
  });
}

function claimOf(change: BookChange, amountMinor: number): WebhookDraft['claim'] {
  const { record } = change;
  const { kind, state, pspReference, currency } = record;
  const reference = 'payment' in change ? change.payment.reference : record.reference;
  return { kind, state, reference, pspReference, amountMinor, currency };
}

function paymentEvents({ type, record, movedMinor }: PaymentChange, psp: PspContext): EventContent[] {
  const text = (minor: number): string => `${paypalValue(minor, record.currency)} ${record.currency}`;
  switch (type) {
    case 'payment-approved':
      return [
        {
          type: 'CHECKOUT.ORDER.APPROVED',
          resourceType: 'checkout-order',
          summary: 'An order has been approved by buyer',
          resource: orderAnswer(record, psp, 'whole'),
          amountMinor: record.amountMinor,
        },
      ];
    case 'payment-authorized':
      return authorizationEvents(record, psp, {
        type: 'PAYMENT.AUTHORIZATION.CREATED',
        summary: `A payment authorization is created for ${text(record.amountMinor)}`,
      });
    case 'payment-captured': {
      const capture = captureObjects(record, psp).at(-1);
      if (capture === undefined) return [];
      return [
        {
          type: 'PAYMENT.CAPTURE.COMPLETED',
          resourceType: 'capture',
          summary: `Payment completed for ${text(movedMinor)}`,
          resource: withRelations(capture, record, psp),
          amountMinor: movedMinor,
        },
      ];
    }
    case 'payment-declined': {
      const capture = record.captureMode === 'automatic' ? captureObjects(record, psp)[0] : undefined;
      if (capture === undefined) return [];
      return [
        {
          type: 'PAYMENT.CAPTURE.DECLINED',
          resourceType: 'capture',
          summary: `Payment declined for ${text(record.amountMinor)}`,
          resource: withRelations(capture, record, psp),
          amountMinor: record.amountMinor,
        },
      ];
    }
    case 'payment-canceled':
    case 'payment-expired':
    case 'payment-released':
      if (!wasAuthorized(record)) return [];
      return authorizationEvents(record, psp, {
        type: 'PAYMENT.AUTHORIZATION.VOIDED',
        summary: `A payment authorization for ${text(record.amountMinor)} was voided`,
      });
    default:
      return [];
  }
}

function authorizationEvents(
  record: PaymentChange['record'],
  psp: PspContext,
  about: Pick<EventContent, 'type' | 'summary'>,
): EventContent[] {
  const authorization = authorizationObject(record, psp);
  if (authorization === undefined) return [];
  const resource = withRelations(authorization, record, psp);
  return [{ ...about, resourceType: 'authorization', resource, amountMinor: record.amountMinor }];
}

function refundEvents({ type, record, payment }: RefundChange, psp: PspContext): EventContent[] {
  const text = `${paypalValue(record.amountMinor, record.currency)} ${record.currency}`;
  const event = (about: Pick<EventContent, 'type' | 'summary'>): EventContent[] => [
    { ...about, resourceType: 'refund', resource: refundObject(record, payment, psp), amountMinor: record.amountMinor },
  ];
  switch (type) {
    case 'refund-created':
      if (!refundDetails(record).slow) return [];
      return event({ type: 'PAYMENT.REFUND.PENDING', summary: `A ${text} capture payment refund is pending` });
    case 'refund-succeeded':
      return event({ type: 'PAYMENT.CAPTURE.REFUNDED', summary: `A ${text} capture payment was refunded` });
    case 'refund-failed':
      return event({ type: 'PAYMENT.REFUND.FAILED', summary: `A ${text} capture payment refund failed` });
  }
}

function payoutEvents({ type, record }: PayoutChange, psp: PspContext): EventContent[] {
  const { batchId, position } = payoutDetails(record);
  const item = (about: Pick<EventContent, 'type' | 'summary'>): EventContent => ({
    ...about,
    resourceType: 'payouts_item',
    resource: itemObject(record, psp),
    amountMinor: record.amountMinor,
  });
  const batch = (about: Pick<EventContent, 'type' | 'summary'>): EventContent => {
    const items = batchOf(psp, batchId);
    return {
      ...about,
      resourceType: 'payouts',
      resource: {
        batch_header: batchHeader(items.length === 0 ? [record] : items),
        links: [{ href: `${psp.url}/v1/payments/payouts/${batchId}`, rel: 'self', method: 'GET' }],
      },
      amountMinor: record.amountMinor,
    };
  };
  const finished = (): EventContent[] =>
    isBatchDone(psp, record)
      ? [batch({ type: 'PAYMENT.PAYOUTSBATCH.SUCCESS', summary: 'Payouts batch completed successfully.' })]
      : [];
  switch (type) {
    case 'payout-created':
      if (position > 0) return [];
      return [batch({ type: 'PAYMENT.PAYOUTSBATCH.PROCESSING', summary: 'Payouts batch is getting processed.' })];
    case 'payout-paid':
      return [item({ type: 'PAYMENT.PAYOUTS-ITEM.SUCCEEDED', summary: 'A payout item has succeeded' }), ...finished()];
    case 'payout-failed':
      return payoutDetails(record).unclaimed
        ? [item({ type: 'PAYMENT.PAYOUTS-ITEM.RETURNED', summary: 'A payout item was returned' }), ...finished()]
        : [item({ type: 'PAYMENT.PAYOUTS-ITEM.FAILED', summary: 'A payout item has failed' }), ...finished()];
    case 'payout-canceled':
      return [
        item({ type: 'PAYMENT.PAYOUTS-ITEM.CANCELED', summary: 'A payout item has been canceled' }),
        ...finished(),
      ];
    case 'payout-returned':
      return [item({ type: 'PAYMENT.PAYOUTS-ITEM.RETURNED', summary: 'A payout item was returned' })];
  }
}

function disputeEvents(change: DisputeChange, psp: PspContext): EventContent[] {
  const { type, record } = change;
  const event = (about: Pick<EventContent, 'type' | 'summary'>): EventContent => ({
    ...about,
    resourceType: 'dispute',
    resource: disputeObject(record, psp),
    amountMinor: record.amountMinor,
  });
  const resolved = event({
    type: 'CUSTOMER.DISPUTE.RESOLVED',
    summary: `A dispute was resolved with case # ${record.pspReference}`,
  });
  switch (type) {
    case 'dispute-opened':
      return [
        event({ type: 'CUSTOMER.DISPUTE.CREATED', summary: `A new dispute opened with Case # ${record.pspReference}` }),
      ];
    case 'dispute-evidence':
      return [
        event({
          type: 'CUSTOMER.DISPUTE.UPDATED',
          summary: `A dispute was updated with case # ${record.pspReference}`,
        }),
      ];
    case 'dispute-won':
    case 'dispute-reversed':
      return [resolved];
    case 'dispute-lost':
      return [resolved, reversal(change, psp)];
  }
}

/** The lost money leaves the capture as a refund that nobody asked for. */
function reversal({ record, atMs }: DisputeChange, psp: PspContext): EventContent {
  const captureId = String(record.details['captureId'] ?? '');
  const money = paypalMoney(record.amountMinor, record.currency);
  return {
    type: 'PAYMENT.CAPTURE.REVERSED',
    resourceType: 'refund',
    summary: `A ${money.value} ${money.currency_code} capture payment was reversed`,
    resource: {
      id: codeFrom(`reversal ${record.pspReference}`, 17),
      status: 'COMPLETED',
      amount: money,
      links: [{ href: `${psp.url}/v2/payments/captures/${captureId}`, rel: 'up', method: 'GET' }],
      create_time: isoSeconds(atMs),
      update_time: isoSeconds(atMs),
    },
    amountMinor: record.amountMinor,
  };
}
