/**
 * PayPal's events in neutral words. Called only with verified bytes. Types that are not listed
 * here are irrelevant, so that a new one never stops the inbox; an event that says "money moved"
 * must state how much, else it is malformed. No event says which environment it comes from.
 *
 * Captures and authorizations name their order. Refunds and disputes name only the capture, so
 * they are found by our reference, which PayPal repeats in them.
 */
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import type { PspEvent } from '../../../ports/psp-adapter.ts';
import { parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { objectOf, objectsOf, textOf } from '../fields.ts';
import { fromPaypalMoney } from './money.ts';
import { declineCode, moneyOf, orderReference } from './reports.ts';

type Outcome = PspEvent['outcome'];
type Reading = Omit<PspEvent, 'eventId' | 'type' | 'occurredAt'>;

const MONEY_MOVED: ReadonlySet<Outcome> = new Set(['succeeded', 'returned', 'dispute_opened', 'authorized']);

/** @throws MalformedWebhookError when the bytes are not an event of PayPal */
export function parsePaypalWebhook(rawBody: Buffer): PspEvent[] {
  const event = parseObject(rawBody.toString('utf8'));
  const eventId = textOf(event, 'id');
  const type = textOf(event, 'event_type');
  const occurredAt = Date.parse(textOf(event, 'create_time') ?? '');
  const resource = objectOf(event, 'resource');
  if (eventId === null || type === null || Number.isNaN(occurredAt) || resource === null)
    throw new MalformedWebhookError('a paypal event is a JSON object with id, event_type, create_time and resource');
  const reading = readResource(type, resource);
  if (reading.money === null && MONEY_MOVED.has(reading.outcome))
    throw new MalformedWebhookError(`${type} states no amount and currency`);
  return [{ eventId, type, occurredAt, ...reading }];
}

function readResource(type: string, resource: JsonObject): Reading {
  if (type === 'CHECKOUT.ORDER.APPROVED') return readApproval(resource);
  const payment = PAYMENT_OUTCOMES[type];
  if (payment !== undefined) return readPayment(payment(resource), resource);
  const refund = REFUND_OUTCOMES[type];
  if (refund !== undefined) return readRefund(refund, resource);
  const payout = PAYOUT_OUTCOMES[type];
  if (payout !== undefined) return readItem(payout, resource);
  if (type.startsWith('CUSTOMER.DISPUTE.')) return readDispute(type, resource);
  return {
    subject: 'payment',
    outcome: 'irrelevant',
    reference: textOf(resource, 'custom_id'),
    pspReference: null,
    money: moneyOf(resource),
    code: null,
  };
}

/** Nothing has moved: whoever asks PayPal about the order now completes it. */
function readApproval(order: JsonObject): Reading {
  return {
    subject: 'payment',
    outcome: 'pending',
    askPsp: true,
    reference: orderReference(order),
    pspReference: textOf(order, 'id'),
    money: null,
    code: null,
  };
}

const always = (outcome: Outcome) => (): Outcome => outcome;

const PAYMENT_OUTCOMES: Readonly<Record<string, (resource: JsonObject) => Outcome>> = {
  'PAYMENT.CAPTURE.COMPLETED': always('succeeded'),
  'PAYMENT.CAPTURE.PENDING': always('pending'),
  'PAYMENT.CAPTURE.DECLINED': always('failed'),
  'PAYMENT.CAPTURE.DENIED': always('failed'),
  'PAYMENT.AUTHORIZATION.CREATED': (authorization) => {
    switch (textOf(authorization, 'status')) {
      case 'CREATED':
        return 'authorized';
      case 'DENIED':
        return 'failed';
      default:
        return 'pending';
    }
  },
  // Of an authorization that was captured it is the rest that is released.
  'PAYMENT.AUTHORIZATION.VOIDED': (authorization) =>
    textOf(authorization, 'status') === 'VOIDED' ? 'canceled' : 'irrelevant',
};

function readPayment(outcome: Outcome, part: JsonObject): Reading {
  const related = objectOf(objectOf(part, 'supplementary_data'), 'related_ids');
  return {
    subject: 'payment',
    outcome,
    reference: textOf(part, 'custom_id'),
    pspReference: textOf(related, 'order_id'),
    partReference: textOf(part, 'id'),
    money: moneyOf(part),
    code: outcome === 'failed' ? declineCode(part) : null,
  };
}

/** `PAYMENT.CAPTURE.REVERSED`, the money of a lost dispute, is told by the dispute. */
const REFUND_OUTCOMES: Readonly<Record<string, Outcome>> = {
  'PAYMENT.CAPTURE.REFUNDED': 'succeeded',
  'PAYMENT.REFUND.PENDING': 'pending',
  'PAYMENT.REFUND.FAILED': 'failed',
};

/** `custom_id` is our refund's; one that was made in PayPal's dashboard carries the payment's. */
function readRefund(outcome: Outcome, refund: JsonObject): Reading {
  return {
    subject: 'refund',
    outcome,
    reference: textOf(refund, 'custom_id') ?? textOf(refund, 'invoice_id'),
    pspReference: null,
    partReference: textOf(refund, 'id'),
    money: moneyOf(refund),
    code: outcome === 'failed' ? (textOf(objectOf(refund, 'status_details'), 'reason') ?? 'failed') : null,
  };
}

const PAYOUT_OUTCOMES: Readonly<Record<string, Outcome>> = {
  'PAYMENT.PAYOUTS-ITEM.SUCCEEDED': 'succeeded',
  'PAYMENT.PAYOUTS-ITEM.FAILED': 'failed',
  'PAYMENT.PAYOUTS-ITEM.DENIED': 'failed',
  'PAYMENT.PAYOUTS-ITEM.BLOCKED': 'failed',
  'PAYMENT.PAYOUTS-ITEM.CANCELED': 'failed',
  'PAYMENT.PAYOUTS-ITEM.RETURNED': 'returned',
  'PAYMENT.PAYOUTS-ITEM.REFUNDED': 'returned',
  'PAYMENT.PAYOUTS-ITEM.HELD': 'pending',
  'PAYMENT.PAYOUTS-ITEM.UNCLAIMED': 'pending',
};

function readItem(outcome: Outcome, item: JsonObject): Reading {
  const sent = objectOf(item, 'payout_item');
  const money = fromPaypalMoney(objectOf(sent, 'amount'));
  const code = textOf(objectOf(item, 'errors'), 'name');
  return {
    subject: 'payout',
    outcome,
    reference: textOf(sent, 'sender_item_id'),
    pspReference: textOf(item, 'payout_batch_id'),
    partReference: textOf(item, 'payout_item_id'),
    money,
    code: outcome === 'failed' || outcome === 'returned' ? (code ?? outcome) : null,
  };
}

/** Outcome codes of a resolved dispute by which the money is the payer's. */
const LOST: ReadonlySet<string> = new Set(['RESOLVED_BUYER_FAVOUR', 'ACCEPTED']);
const WON: ReadonlySet<string> = new Set([
  'RESOLVED_SELLER_FAVOUR',
  'CANCELED_BY_BUYER',
  'DENIED',
  'RESOLVED_WITH_PAYOUT',
]);

function readDispute(type: string, dispute: JsonObject): Reading {
  const [transaction] = objectsOf(dispute, 'disputed_transactions') ?? [];
  const ended = textOf(objectOf(dispute, 'dispute_outcome'), 'outcome_code') ?? '';
  return {
    subject: 'dispute',
    outcome: disputeOutcome(type, ended),
    reference: textOf(transaction ?? null, 'custom') ?? textOf(transaction ?? null, 'invoice_number'),
    pspReference: null,
    partReference: textOf(dispute, 'dispute_id'),
    money: fromPaypalMoney(objectOf(dispute, 'dispute_amount')),
    code: textOf(dispute, 'reason'),
  };
}

function disputeOutcome(type: string, ended: string): Outcome {
  if (type === 'CUSTOMER.DISPUTE.CREATED') return 'dispute_opened';
  if (type !== 'CUSTOMER.DISPUTE.RESOLVED') return 'pending';
  if (LOST.has(ended)) return 'dispute_lost';
  return WON.has(ended) ? 'dispute_won' : 'pending';
}
