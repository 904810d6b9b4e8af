/** How things look in the control API: from the simulator's own shapes to those of `simulator-control.yaml`. */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/simulator-control.ts';
import type { Challenge, PaymentRecord, PayoutRecord, RecordStep, RefundRecord } from '../core/records.ts';
import type { LoggedExchange } from '../engine/exchange-log.ts';
import type { Psp } from '../engine/psp.ts';
import type { LoggedDelivery, Message } from '../webhooks/message.ts';

export function pspView(psp: Psp): Api.Psp {
  const { retryScheduleMs, webhookEvents, ...profile } = psp.profile;
  return {
    name: psp.name,
    dialect: psp.dialect.name,
    url: psp.url,
    webhook_url: psp.webhookUrl,
    credentials: { ...psp.credentials },
    profile: {
      ...profile,
      retryScheduleMs: [...retryScheduleMs],
      ...(webhookEvents === undefined ? {} : { webhookEvents: [...webhookEvents] }),
    },
  };
}

export function booksView(psp: Psp): Api.Books {
  return {
    payments: psp.bank.payments().map(paymentView),
    refunds: psp.bank.refunds().map(refundView),
    payouts: psp.bank.payouts().map(payoutView),
  };
}

export function paymentView(payment: PaymentRecord): Api.BookPayment {
  return {
    psp_reference: payment.pspReference,
    reference: payment.reference,
    kind: 'payment',
    state: payment.state,
    amount_minor: payment.amountMinor,
    captured_minor: payment.capturedMinor,
    refunded_minor: payment.refundedMinor,
    currency: payment.currency,
    ...times(payment),
  };
}

function refundView(refund: RefundRecord): Api.BookRefund {
  return {
    psp_reference: refund.pspReference,
    payment_psp_reference: refund.paymentPspReference,
    reference: refund.reference,
    kind: 'refund',
    state: refund.state,
    amount_minor: refund.amountMinor,
    currency: refund.currency,
    ...times(refund),
  };
}

export function payoutView(payout: PayoutRecord): Api.BookPayout {
  return {
    psp_reference: payout.pspReference,
    reference: payout.reference,
    kind: 'payout',
    state: payout.state,
    amount_minor: payout.amountMinor,
    currency: payout.currency,
    ...times(payout),
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
    body: delivery.body,
    status: delivery.status,
    outcome: delivery.outcome,
  };
}

export function deadLetterView(psp: Psp, { draft, attempt }: Message): Api.DeadLetter {
  return {
    psp: psp.name,
    event_id: draft.eventId,
    event: draft.type,
    reference: draft.claim.reference,
    psp_reference: draft.claim.pspReference,
    attempts: attempt,
  };
}

export function challengeView(psp: Psp, challenge: Challenge): Api.Challenge {
  return {
    id: challenge.id,
    psp: psp.name,
    state: challenge.state,
    psp_reference: challenge.paymentPspReference,
    reference: psp.bank.payment(challenge.paymentPspReference).reference,
    url: psp.context.challengeUrl(challenge.id),
    created_at: isoTime(challenge.createdAtMs),
    expires_at: isoTime(challenge.expiresAtMs),
  };
}

function times(record: { createdAtMs: number; updatedAtMs: number; steps: readonly RecordStep[] }): {
  created_at: string;
  updated_at: string;
  history: Api.BookStep[];
} {
  return {
    created_at: isoTime(record.createdAtMs),
    updated_at: isoTime(record.updatedAtMs),
    history: record.steps.map((step) => ({
      at: isoTime(step.atMs),
      state: step.state,
      amount_minor: step.amountMinor,
    })),
  };
}
