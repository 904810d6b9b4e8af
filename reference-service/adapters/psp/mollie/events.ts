/**
 * Mollie's notifications in neutral words. A next-generation event embeds the resource and is read
 * from it; a classic one says only `id=tr_…`, so the payment is read at Mollie with all that
 * belongs to it. Both end in the same reading of the same objects. A type that is not listed here
 * is irrelevant; payouts at Mollie are those to our own bank account.
 */
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import type { PspEnvironment, PspEvent, ReadEventsResult } from '../../../ports/psp-adapter.ts';
import { parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { inDoubt } from '../failures.ts';
import { objectOf, objectsOf, textOf } from '../fields.ts';
import type { MollieClient } from './client.ts';
import { mollieMoney } from './money.ts';
import { getPayment } from './payments.ts';
import { failureCode, referenceOf, takenMoney } from './reports.ts';

type Reading = Pick<PspEvent, 'subject' | 'outcome' | 'reference' | 'pspReference' | 'money' | 'code'> & {
  partReference?: string | null;
  environment?: PspEnvironment;
};

/** The id in the body of a classic webhook; null when it is none. */
export function classicId(rawBody: Buffer): string | null {
  return /^id=(tr_[A-Za-z0-9_]{1,64})$/.exec(rawBody.toString('latin1').trim())?.[1] ?? null;
}

/**
 * @param nextId a fresh id: a classic notification has none, and each may be about something new
 * @throws MalformedWebhookError when the bytes are no notification of Mollie
 */
export function parseMollieWebhook(rawBody: Buffer, clock: { now(): number }, nextId: () => string): PspEvent[] {
  const id = classicId(rawBody);
  if (id !== null) return [hint({ eventId: `classic:${nextId()}`, type: 'classic', id, occurredAt: clock.now() })];
  const event = parseObject(rawBody.toString('utf8'));
  const eventId = textOf(event, 'id');
  const type = textOf(event, 'type');
  const occurredAt = Date.parse(textOf(event, 'createdAt') ?? '');
  if (event === null || eventId === null || type === null || Number.isNaN(occurredAt))
    throw new MalformedWebhookError('a mollie event is a form with an id, or JSON with id, type and createdAt');
  const entity = objectOf(objectOf(event, '_embedded'), 'entity');
  const reading = entity === null ? null : readEntity(type, entity);
  if (reading !== null) {
    if (reading.money === null && MONEY_MOVED.has(reading.outcome))
      throw new MalformedWebhookError(`${type} states no amount`);
    return [{ eventId, type, occurredAt, ...reading }];
  }
  const entityId = textOf(event, 'entityId');
  const isAboutPayment = /^(?:payment|refund|chargeback)\./.test(type);
  return entity === null && isAboutPayment && entityId !== null
    ? [hint({ eventId, type, id: entityId, occurredAt })]
    : [{ eventId, type, occurredAt, ...IRRELEVANT }];
}

function hint({
  eventId,
  type,
  id,
  occurredAt,
}: {
  eventId: string;
  type: string;
  id: string;
  occurredAt: number;
}): PspEvent {
  const nothing = { subject: 'payment', outcome: 'pending', reference: null, money: null, code: null } as const;
  return { eventId, type, occurredAt, ...nothing, pspReference: id, askFirst: true };
}

const IRRELEVANT: Reading = {
  subject: 'payment',
  outcome: 'irrelevant',
  reference: null,
  pspReference: null,
  money: null,
  code: null,
};

const MONEY_MOVED: ReadonlySet<PspEvent['outcome']> = new Set([
  'succeeded',
  'authorized',
  'dispute_opened',
  'dispute_won',
]);

/** By what the event is called; the entity says the rest. Null: nothing that we track. */
function readEntity(type: string, entity: JsonObject): Reading | null {
  if (type.startsWith('payment.')) return readPayment(entity);
  if (type.startsWith('refund.')) return readRefund(entity, type.slice('refund.'.length));
  if (type === 'chargeback.received') return readChargeback(entity, 'dispute_opened');
  if (type === 'chargeback.reversed') return readChargeback(entity, 'dispute_won');
  return null;
}

function readPayment(payment: JsonObject): Reading {
  const status = textOf(payment, 'status') ?? '';
  const common = {
    subject: 'payment' as const,
    reference: referenceOf(payment),
    pspReference: textOf(payment, 'id'),
    ...environmentOf(payment),
  };
  const asked = mollieMoney(payment, 'amount');
  switch (status) {
    case 'paid':
      return { ...common, outcome: 'succeeded', money: takenMoney(payment), code: null };
    case 'authorized':
      return { ...common, outcome: 'authorized', money: asked, code: null };
    case 'failed':
      return { ...common, outcome: 'failed', money: asked, code: failureCode(payment) };
    case 'expired':
      return { ...common, outcome: 'failed', money: asked, code: 'expired' };
    case 'canceled':
      return { ...common, outcome: 'canceled', money: asked, code: null };
    default:
      return { ...common, outcome: 'pending', money: asked, code: null };
  }
}

const REFUND_OUTCOMES: Readonly<Record<string, PspEvent['outcome']>> = {
  refunded: 'succeeded',
  failed: 'failed',
  canceled: 'failed',
};

function readRefund(refund: JsonObject, said: string): Reading {
  const status = textOf(refund, 'status') ?? said;
  const outcome = REFUND_OUTCOMES[status] ?? 'pending';
  return {
    subject: 'refund',
    outcome,
    reference: referenceOf(refund),
    pspReference: textOf(refund, 'paymentId'),
    partReference: textOf(refund, 'id'),
    money: mollieMoney(refund, 'amount'),
    code: outcome === 'failed' ? status : null,
    ...environmentOf(refund),
  };
}

function readChargeback(chargeback: JsonObject, outcome: 'dispute_opened' | 'dispute_won'): Reading {
  return {
    subject: 'dispute',
    outcome,
    reference: null,
    pspReference: textOf(chargeback, 'paymentId'),
    partReference: textOf(chargeback, 'id'),
    money: mollieMoney(chargeback, 'amount'),
    code: textOf(objectOf(chargeback, 'reason'), 'code'),
  };
}

function environmentOf(object: JsonObject): { environment?: PspEnvironment } {
  const mode = textOf(object, 'mode');
  return mode === 'test' || mode === 'live' ? { environment: mode } : {};
}

/** When what is told happened; the first that an object has. */
const TIMES = ['paidAt', 'failedAt', 'canceledAt', 'expiredAt', 'authorizedAt', 'reversedAt', 'createdAt'] as const;

/**
 * All that has become final of the payment that a hint names, as Mollie tells it now. Ids are made
 * of the object and its state, so that reading twice gives the same events. A refund of money that
 * the payment never was, or a state that is not final, is no event.
 */
export async function readEvents(client: MollieClient, event: PspEvent): Promise<ReadEventsResult> {
  const { pspReference } = event;
  if (pspReference?.startsWith('tr_') !== true) return { kind: 'not_found' };
  const answer = await getPayment(client, pspReference);
  if (answer.kind !== 'ok')
    return answer.kind === 'error' && answer.status === 404 ? { kind: 'not_found' } : answer.failure;
  const payment = answer.body;
  if (textOf(payment, 'id') !== pspReference) return inDoubt('mollie answered about another payment');
  const embedded = objectOf(payment, '_embedded');
  const refunds = objectsOf(embedded, 'refunds') ?? [];
  const chargebacks = objectsOf(embedded, 'chargebacks') ?? [];
  const status = textOf(payment, 'status') ?? '';
  const own = { object: payment, name: `payment.${status}`, reading: readPayment(payment) };
  const read = [
    own,
    ...refunds.map((refund) => {
      const state = textOf(refund, 'status') ?? '';
      return { object: refund, name: `refund.${state}`, reading: readRefund(refund, state) };
    }),
    ...chargebacks.flatMap((object) => {
      const received = { object, name: 'chargeback.received', reading: readChargeback(object, 'dispute_opened') };
      const reversed = { object, name: 'chargeback.reversed', reading: readChargeback(object, 'dispute_won') };
      return textOf(object, 'reversedAt') === null ? [received] : [received, reversed];
    }),
  ];
  const final = read.filter(({ reading }) => reading.outcome !== 'pending');
  const events = final.map(({ object, name, reading }): PspEvent => {
    const occurredAt = Date.parse(TIMES.map((key) => textOf(object, key)).find((time) => time !== null) ?? '');
    return {
      eventId: `read:${textOf(object, 'id') ?? ''}:${name}`,
      type: name,
      occurredAt: Number.isNaN(occurredAt) ? event.occurredAt : occurredAt,
      ...reading,
    };
  });
  const unreadable = events.some(
    ({ outcome, money, pspReference: about }) => about !== pspReference || (money === null && MONEY_MOVED.has(outcome)),
  );
  return unreadable
    ? inDoubt('mollie answered without an amount, or about another payment')
    : { kind: 'events', events };
}
