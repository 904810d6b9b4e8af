/** How PSPs and logs look in the control API: from the simulator's shapes to those of `simulator-control.yaml`. */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/simulator-control.ts';
import type { LoggedExchange } from '../engine/exchange-log.ts';
import { maskCardNumbers } from '../engine/mask-card-numbers.ts';
import type { Psp } from '../engine/psp.ts';
import type { KeptEvent } from '../engine/run-history.ts';
import type { LoggedDelivery, Message } from '../webhooks/message.ts';

export function pspView(psp: Psp): Api.Psp {
  return {
    name: psp.name,
    dialect: psp.dialect.name,
    title: psp.dialect.title,
    url: psp.url,
    webhook_url: psp.webhookUrl,
    credentials: { ...psp.credentials },
    // Profiles are JSON values by their type; the copy drops their `readonly`.
    profile: structuredClone(psp.profile) as Api.Profile,
    counts: {
      exchanges: psp.exchanges.count(),
      not_simulated: psp.exchanges.notSimulated(),
      deliveries: psp.courier.tries(),
      waiting_messages: psp.courier.waitingMessages(),
      dead_letters: psp.courier.deadLetters().length,
      forgotten: psp.bank.forgotten(),
    },
  };
}

export function exchangeView(psp: Psp, exchange: LoggedExchange): Api.Exchange {
  return {
    seq: exchange.seq,
    psp: psp.name,
    exchange_id: exchange.exchangeId,
    at: isoTime(exchange.atMs),
    method: exchange.method,
    path: exchange.path,
    operation: exchange.operation,
    reference: exchange.reference,
    idempotency_key: exchange.idempotencyKey,
    replayed: exchange.replayed,
    status: exchange.status,
    outcome: exchange.outcome,
    request_body: exchange.requestBody,
    response_body: exchange.responseBody,
  };
}

export function deliveryView(psp: Psp, delivery: LoggedDelivery): Api.Delivery {
  return {
    seq: delivery.seq,
    psp: psp.name,
    id: delivery.deliveryId,
    event_id: delivery.eventId,
    event: delivery.eventType,
    reference: delivery.reference,
    psp_reference: delivery.pspReference,
    attempt: delivery.attempt,
    at: isoTime(delivery.atMs),
    url: delivery.url,
    signature: delivery.signature,
    tampered: delivery.tampered,
    headers: { ...delivery.headers },
    // A merchant may have put a card number into a field that the PSP sends back.
    body: maskCardNumbers(delivery.body),
    status: delivery.status,
    outcome: delivery.outcome,
    problem: delivery.problem,
  };
}

export function deadLetterView(psp: Psp, message: Message): Api.DeadLetter {
  const { draft, attempt } = message;
  return {
    id: deadLetterId(psp, message),
    psp: psp.name,
    event_id: draft.eventId,
    event: draft.type,
    reference: draft.claim.reference,
    psp_reference: draft.claim.pspReference,
    attempts: attempt,
  };
}

/** Messages are numbered per PSP. */
export function deadLetterId(psp: Psp, message: Message): string {
  return `${psp.name}-${message.id}`;
}

export function historyView({ seq, i, t, proc, type, f, key, value, cause }: KeptEvent): Api.HistoryEvent {
  return {
    seq,
    i,
    t,
    proc,
    type,
    f,
    ...(key === undefined ? {} : { key }),
    ...(value === undefined ? {} : { value }),
    ...(cause === undefined ? {} : { cause }),
  };
}
