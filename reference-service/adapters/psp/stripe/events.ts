/**
 * Stripe's events in neutral words. Called only with verified bytes. Only the types listed
 * here mean anything to us; every other type is stored as irrelevant, so that a new event
 * type of Stripe's never stops the inbox. An event that says "money moved" must state how
 * much, else it is malformed.
 */
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import type { PspEnvironment, PspEvent } from '../../../ports/psp-adapter.ts';
import { parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { integerOf, objectOf, textOf } from '../fields.ts';
import { fromStripeAmount } from './money.ts';
import { capturableMoney, declineCode, receivedMoney, referenceOf } from './reports.ts';

type Reading = Pick<
  PspEvent,
  'subject' | 'outcome' | 'reference' | 'pspReference' | 'partReference' | 'money' | 'code'
>;

/**
 * @param own the environment of our account
 * @throws MalformedWebhookError when the bytes are not a Stripe event
 */
export function parseStripeWebhook(rawBody: Buffer, own: PspEnvironment | null): PspEvent[] {
  const event = parseObject(rawBody.toString('utf8'));
  const eventId = textOf(event, 'id');
  const type = textOf(event, 'type');
  const created = integerOf(event, 'created');
  const object = objectOf(objectOf(event, 'data'), 'object');
  if (event === null || eventId === null || type === null || created === null || object === null) {
    throw new MalformedWebhookError('a stripe event is a JSON object with id, type, created and data.object');
  }
  const reading = readObject(type, object, objectOf(objectOf(event, 'data'), 'previous_attributes'));
  if (reading.money === null && MONEY_MOVED.has(reading.outcome)) {
    throw new MalformedWebhookError(`${type} states no amount and currency`);
  }
  const environment = environmentOf([event, object], own);
  return [{ eventId, type, occurredAt: created * 1000, ...(environment === null ? {} : { environment }), ...reading }];
}

/** Event and object both say it; when they differ, the one that is not ours counts. Null when neither says. */
function environmentOf(sources: readonly JsonObject[], own: PspEnvironment | null): PspEnvironment | null {
  const said = sources.flatMap(({ livemode }): PspEnvironment[] =>
    typeof livemode === 'boolean' ? [livemode ? 'live' : 'test'] : [],
  );
  return said.find((one) => one !== own) ?? said[0] ?? null;
}

const MONEY_MOVED: ReadonlySet<PspEvent['outcome']> = new Set([
  'authorized',
  'succeeded',
  'refunded',
  'returned',
  'dispute_opened',
  'dispute_won',
]);

function readObject(type: string, object: JsonObject, before: JsonObject | null): Reading {
  if (type.startsWith('payment_intent.')) return readIntent(type, object);
  if (type.startsWith('payout.')) return readPayout(type, object, before);
  if (type.startsWith('refund.') || type === 'charge.refund.updated') return readRefund(object);
  if (type.startsWith('charge.dispute.')) return readDispute(type, object);
  return { ...namedBy(object), subject: 'payment', outcome: 'irrelevant', money: statedMoney(object), code: null };
}

function readIntent(type: string, intent: JsonObject): Reading {
  const common = { ...namedBy(intent), subject: 'payment', money: statedMoney(intent), code: null } as const;
  switch (type) {
    case 'payment_intent.succeeded':
      // `amount` is what was asked for; only `amount_received` was taken.
      return { ...common, outcome: 'succeeded', money: receivedMoney(intent) };
    case 'payment_intent.amount_capturable_updated':
      // Several captures of one payment would come here too; we make only one.
      return integerOf(intent, 'amount_received') === 0
        ? { ...common, outcome: 'authorized', money: capturableMoney(intent) }
        : { ...common, outcome: 'pending' };
    case 'payment_intent.payment_failed':
      return { ...common, outcome: 'failed', code: declineCode(objectOf(intent, 'last_payment_error')) };
    case 'payment_intent.canceled':
      return { ...common, outcome: 'canceled', code: textOf(intent, 'cancellation_reason') };
    default:
      return { ...common, outcome: 'pending' };
  }
}

function readPayout(type: string, payout: JsonObject, before: JsonObject | null): Reading {
  const common = { ...namedBy(payout), subject: 'payout', money: statedMoney(payout), code: null } as const;
  // What Stripe transfers to our own bank account by itself is a settlement, no payout to a player.
  if (payout['automatic'] === true) return { ...common, outcome: 'irrelevant' };
  switch (type) {
    case 'payout.paid':
      return { ...common, outcome: 'succeeded' };
    case 'payout.failed':
      // Banks send payouts back for days after `paid`; Stripe reports that as a failure too.
      return {
        ...common,
        outcome: textOf(before, 'status') === 'paid' ? 'returned' : 'failed',
        code: textOf(payout, 'failure_code') ?? 'failed',
      };
    case 'payout.canceled':
      return { ...common, outcome: 'failed', code: 'canceled' };
    case 'payout.reconciliation_completed':
      return { ...common, outcome: 'irrelevant' };
    default:
      return { ...common, outcome: 'pending' };
  }
}

const REFUND_OUTCOMES: Readonly<Record<string, PspEvent['outcome']>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
};

/**
 * One refund. `charge.refunded` is not read: it tells the sum of all refunds of a charge, and
 * none of them by its id, while each has events of its own.
 */
function readRefund(refund: JsonObject): Reading {
  return {
    reference: referenceOf(refund),
    pspReference: textOf(refund, 'payment_intent'),
    partReference: textOf(refund, 'id'),
    subject: 'refund',
    outcome: REFUND_OUTCOMES[textOf(refund, 'status') ?? ''] ?? 'pending',
    money: statedMoney(refund),
    code: textOf(refund, 'failure_reason'),
  };
}

/**
 * A dispute takes the money when its funds are withdrawn and gives it back when they are
 * reinstated; `closed` is the last word. An inquiry (`warning_…`) moves nothing.
 */
function readDispute(type: string, dispute: JsonObject): Reading {
  return {
    reference: null,
    pspReference: textOf(dispute, 'payment_intent'),
    partReference: textOf(dispute, 'id'),
    subject: 'dispute',
    outcome: disputeOutcome(type, textOf(dispute, 'status')),
    money: statedMoney(dispute),
    code: textOf(dispute, 'reason'),
  };
}

function disputeOutcome(type: string, status: string | null): PspEvent['outcome'] {
  switch (type) {
    case 'charge.dispute.funds_withdrawn':
      return 'dispute_opened';
    case 'charge.dispute.funds_reinstated':
      return 'dispute_won';
    case 'charge.dispute.closed':
      return status === 'won' ? 'dispute_won' : status === 'lost' ? 'dispute_lost' : 'pending';
    default:
      return 'pending';
  }
}

function namedBy(object: JsonObject) {
  return { reference: referenceOf(object), pspReference: textOf(object, 'id') };
}

function statedMoney(object: JsonObject) {
  return fromStripeAmount(integerOf(object, 'amount'), textOf(object, 'currency'));
}
