/**
 * Pairs messages with their ends: operations of clients, exchanges with PSPs, deliveries of
 * webhooks. The `cause` of an end names its beginning; where a writer left it out, the id
 * inside the value does.
 */
import type { Delivery, Exchange, Mark, Operation, Outcome, ToldEvent } from './records.ts';
import type { ExchangeEnd, ExchangeRecv, HistoryEvent, ToldValue, WebhookEnd, WebhookSend } from './vocabulary.ts';

const OPERATIONS: ReadonlySet<string> = new Set([
  'deposit',
  'payout',
  'capture',
  'void',
  'refund',
  'bet',
  'win',
  'rollback',
  'limit',
  'exclusion',
  'removal',
  'fund',
  'challenge',
  'return',
]);

export function markOf(event: HistoryEvent): Mark {
  return { index: event.i, t: event.t };
}

/** The event's value as an object; an empty one where the writer left none. */
export function valueOf<T>(event: HistoryEvent): T {
  return (typeof event.value === 'object' && event.value !== null ? event.value : {}) as T;
}

/** Client operations in order of their invoke. */
export function readOperations(events: readonly HistoryEvent[]): Operation[] {
  const byInvoke = new Map<number, Operation>();
  for (const event of events) {
    if (!OPERATIONS.has(event.f)) continue;
    const value = valueOf<Record<string, unknown>>(event);
    if (event.type === 'invoke') {
      const op = String(value['op'] ?? event.key ?? '');
      byInvoke.set(event.i, {
        f: event.f,
        op,
        proc: event.proc,
        invoked: markOf(event),
        input: value,
        outcome: 'open',
        answer: {},
      });
    } else if (event.type === 'ok' || event.type === 'fail' || event.type === 'info') {
      const operation =
        byInvoke.get(event.cause ?? -1) ?? oldestOpen(byInvoke, event, String(value['op'] ?? event.key ?? ''));
      if (operation === undefined || operation.outcome !== 'open') continue;
      operation.outcome = event.type satisfies Outcome;
      operation.ended = markOf(event);
      operation.answer = value;
    }
  }
  return [...byInvoke.values()];
}

function oldestOpen(byInvoke: Map<number, Operation>, end: HistoryEvent, op: string): Operation | undefined {
  for (const operation of byInvoke.values()) {
    if (operation.outcome === 'open' && operation.f === end.f && operation.op === op && operation.proc === end.proc)
      return operation;
  }
  return undefined;
}

/** Exchanges with the simulated PSPs in order of arrival. */
export function readExchanges(events: readonly HistoryEvent[]): Exchange[] {
  const byRecv = new Map<number, Exchange>();
  const byId = new Map<string, Exchange>();
  for (const event of events) {
    if (event.f !== 'exchange') continue;
    if (event.type === 'recv') {
      const value = valueOf<ExchangeRecv>(event);
      const exchange: Exchange = {
        psp: value.psp,
        operation: value.operation,
        path: value.path ?? '',
        reference: event.key ?? null,
        idempotencyKey: value.idempotency_key ?? null,
        received: markOf(event),
        outcome: 'open',
        status: null,
      };
      byRecv.set(event.i, exchange);
      byId.set(value.exchange_id, exchange);
    } else if (event.type === 'send' || event.type === 'drop') {
      const value = valueOf<ExchangeEnd>(event);
      const exchange = byRecv.get(event.cause ?? -1) ?? byId.get(value.exchange_id);
      if (exchange === undefined) continue;
      exchange.outcome = event.type === 'send' ? 'answered' : value.outcome;
      exchange.status = value.status ?? null;
      exchange.ended = markOf(event);
      if (value.waited_ms !== undefined) exchange.waitedMs = value.waited_ms;
      exchange.reference ??= event.key ?? null;
    }
  }
  return [...byRecv.values()];
}

/** Webhook deliveries in order of sending. */
export function readDeliveries(events: readonly HistoryEvent[]): Delivery[] {
  const bySend = new Map<number, Delivery>();
  const latestById = new Map<string, Delivery>();
  for (const event of events) {
    if (!event.f.startsWith('webhook') || event.type === 'fault') continue;
    if (event.type === 'send') {
      const value = valueOf<WebhookSend>(event);
      const delivery: Delivery = {
        psp: value.psp,
        deliveryId: value.delivery_id,
        eventId: value.event_id,
        attempt: value.attempt ?? 1,
        event: value.event,
        kind: value.kind ?? 'payment',
        state: value.state,
        reference: event.key ?? null,
        amountMinor: value.amount_minor,
        currency: value.currency,
        signature: value.signature,
        tampered: value.tampered ?? null,
        sent: markOf(event),
        ackStatus: null,
      };
      bySend.set(event.i, delivery);
      latestById.set(delivery.deliveryId, delivery);
    } else if (event.type === 'recv' || event.type === 'drop') {
      const value = valueOf<WebhookEnd>(event);
      const delivery = bySend.get(event.cause ?? -1) ?? latestById.get(value.delivery_id);
      if (delivery === undefined) continue;
      delivery.ended = markOf(event);
      if (event.type === 'recv') delivery.ackStatus = value.status ?? null;
      else delivery.dropReason = value.reason ?? 'no answer';
    }
  }
  return [...bySend.values()];
}

/** What the target told the platform, in order of arrival. */
export function readTold(events: readonly HistoryEvent[]): ToldEvent[] {
  return events
    .filter((event) => event.type === 'recv' && event.f === 'told')
    .map((event) => {
      const value = valueOf<ToldValue>(event);
      return {
        ...markOf(event),
        eventId: value.event_id,
        type: value.event_type,
        subjectId: event.key ?? '',
        status: value.status ?? null,
        verified: value.verified,
      };
    });
}
