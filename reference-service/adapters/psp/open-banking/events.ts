/**
 * The provider's events in neutral words. Called only with verified bytes. Events as documented
 * state no amount; one that moves money and states none is read at the provider before anything
 * is believed. Types that are not listed here are irrelevant.
 */
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import type { PspEvent, ReadEventsResult, WebhookInput } from '../../../ports/psp-adapter.ts';
import { parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { inDoubt } from '../failures.ts';
import { objectsOf, textOf } from '../fields.ts';
import type { BankClient } from './client.ts';
import { bankMoney, referenceOf } from './reports.ts';

type Reading = Pick<PspEvent, 'subject' | 'outcome' | 'reference' | 'pspReference' | 'money' | 'code'> & {
  partReference?: string | null;
};

/** @throws MalformedWebhookError when the bytes are not an event */
export function parseBankWebhook({ rawBody, headers }: WebhookInput): PspEvent[] {
  const event = parseObject(rawBody.toString('utf8'));
  const eventId = textOf(event, 'event_id');
  const type = textOf(event, 'type');
  if (event === null || eventId === null || type === null)
    throw new MalformedWebhookError('an event is a JSON object with type and event_id');
  const occurredAt = timeOf(event) ?? Date.parse(headers['x-tl-webhook-timestamp'] ?? '');
  if (Number.isNaN(occurredAt)) throw new MalformedWebhookError(`${type} says no time`);
  const reading = readEvent(type, event);
  if (reading.money === null && MONEY_MOVED.has(reading.outcome)) {
    if (reading.pspReference === null) throw new MalformedWebhookError(`${type} names nothing that could be asked for`);
    const { subject, pspReference } = reading;
    const nothing = { reference: null, money: null, code: null } as const;
    return [{ eventId, type, occurredAt, subject, outcome: 'pending', pspReference, ...nothing, askFirst: true }];
  }
  return [{ eventId, type, occurredAt, ...reading }];
}

const MONEY_MOVED: ReadonlySet<PspEvent['outcome']> = new Set(['succeeded', 'returned']);

function readEvent(type: string, event: JsonObject): Reading {
  switch (type) {
    case 'payment_authorized':
    case 'payment_executed':
    case 'payment_settled':
    case 'payment_failed':
      return readPayment(event, type.slice('payment_'.length), textOf(event, 'payment_id'));
    case 'refund_executed':
    case 'refund_failed': {
      const ids = { paymentId: textOf(event, 'payment_id'), refundId: textOf(event, 'refund_id') };
      return readRefund(event, type.slice('refund_'.length), ids);
    }
    case 'payout_executed':
    case 'payout_failed':
      return readPayout(event, type.slice('payout_'.length), textOf(event, 'payout_id'));
    default:
      return {
        subject: 'payment',
        outcome: 'irrelevant',
        reference: null,
        pspReference: null,
        money: null,
        code: null,
      };
  }
}

function readPayment(source: JsonObject, status: string, id: string | null): Reading {
  const code = status === 'failed' ? (textOf(source, 'failure_reason') ?? 'failed') : null;
  const outcome =
    status === 'settled' ? 'succeeded' : code === null ? 'pending' : code === 'canceled' ? 'canceled' : 'failed';
  return {
    subject: 'payment',
    outcome,
    reference: referenceOf(source),
    pspReference: id,
    money: bankMoney(source),
    code,
  };
}

function readRefund(
  source: JsonObject,
  status: string,
  { paymentId, refundId }: { paymentId: string | null; refundId: string | null },
): Reading {
  const failed = status === 'failed';
  return {
    subject: 'refund',
    outcome: status === 'executed' ? 'succeeded' : failed ? 'failed' : 'pending',
    reference: referenceOf(source),
    pspReference: paymentId,
    partReference: refundId,
    money: bankMoney(source),
    code: failed ? (textOf(source, 'failure_reason') ?? 'failed') : null,
  };
}

function readPayout(source: JsonObject, status: string, id: string | null): Reading {
  const code = status === 'failed' ? (textOf(source, 'failure_reason') ?? 'failed') : null;
  const outcome =
    status === 'executed' ? 'succeeded' : code === 'returned' ? 'returned' : code === null ? 'pending' : 'failed';
  return {
    subject: 'payout',
    outcome,
    reference: referenceOf(source),
    pspReference: id,
    money: bankMoney(source),
    code,
  };
}

const TIMES = ['settled_at', 'failed_at', 'executed_at', 'authorized_at', 'created_at'] as const;

function timeOf(source: JsonObject): number | null {
  const epochMs = Date.parse(TIMES.map((key) => textOf(source, key)).find((time) => time !== null) ?? '');
  return Number.isNaN(epochMs) ? null : epochMs;
}

/** What has become final of the payment with its refunds, or of the payout, that an event without an amount names. */
export async function readEvents(client: BankClient, event: PspEvent): Promise<ReadEventsResult> {
  const id = event.pspReference;
  if (id === null) return { kind: 'not_found' };
  const path = `/v3/${event.subject === 'payout' ? 'payouts' : 'payments'}/${encodeURIComponent(id)}`;
  const answer = await client.get(path);
  if (answer.kind === 'error' && answer.status === 404) return { kind: 'not_found' };
  if (answer.kind !== 'ok') return answer.failure;
  if (textOf(answer.body, 'id') !== id) return inDoubt('the provider answered about another id');
  const status = textOf(answer.body, 'status') ?? '';
  const read: [JsonObject, Reading][] =
    event.subject === 'payout'
      ? [[answer.body, readPayout(answer.body, status, id)]]
      : [[answer.body, readPayment(answer.body, status, id)]];
  if (event.subject === 'refund') {
    const listed = await client.get(`${path}/refunds`);
    if (listed.kind !== 'ok') return listed.failure;
    for (const refund of objectsOf(listed.body, 'items') ?? []) {
      const ids = { paymentId: id, refundId: textOf(refund, 'id') };
      read.push([refund, readRefund(refund, textOf(refund, 'status') ?? '', ids)]);
    }
  }
  const events = read
    .filter(([, { outcome }]) => outcome !== 'pending')
    .map(([source, reading]): PspEvent => {
      const name = `${reading.subject}_${textOf(source, 'status') ?? ''}`;
      return {
        eventId: `read:${textOf(source, 'id') ?? ''}:${name}${reading.code === null ? '' : `:${reading.code}`}`,
        type: name,
        occurredAt: timeOf(source) ?? event.occurredAt,
        ...reading,
      };
    });
  const isIncomplete = events.some(({ outcome, money }) => money === null && MONEY_MOVED.has(outcome));
  return isIncomplete ? inDoubt('the provider answered without an amount') : { kind: 'events', events };
}
