/**
 * From the words of the PSP port to facts of the domain. Total: every result has a fact.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import type { DepositFact, FactSource } from '../domain/deposit-fact.ts';
import type { Payout } from '../domain/payout.ts';
import type { PayoutFact } from '../domain/payout-policy.ts';
import type {
  CreatePaymentResult,
  CreatePayoutResult,
  PspEvent,
  PspPaymentAttempt,
  PspPayoutAttempt,
  QueryPaymentResult,
  QueryPayoutResult,
} from '../ports/psp-adapter.ts';

/** What the adapter needs to know of a deposit attempt. */
export function paymentAttemptView(payment: Payment, attempt: Attempt): PspPaymentAttempt {
  return {
    attemptId: attempt.id,
    paymentId: payment.id,
    playerId: payment.playerId,
    method: payment.method,
    token: payment.token,
    storedToken: payment.storedToken,
    storeMethod: payment.storeMethod,
    capture: payment.capture,
    challenge: payment.challenge,
    country: payment.country,
    device: payment.device,
    bank: payment.bank,
    amountMinor: payment.amountMinor,
    currency: payment.currency,
    idempotencyKey: attempt.idempotencyKey,
    pspReference: attempt.pspReference,
  };
}

export function payoutAttemptView(payout: Payout, attempt: Attempt): PspPayoutAttempt {
  return {
    attemptId: attempt.id,
    payoutId: payout.id,
    playerId: payout.playerId,
    method: payout.method,
    destinationToken: payout.destinationToken,
    country: payout.country,
    amountMinor: payout.amountMinor,
    currency: payout.currency,
    idempotencyKey: attempt.idempotencyKey,
    pspReference: attempt.pspReference,
  };
}

/** A fact that says only "this happened", to be filled by its maker. */
export function depositFact(
  source: FactSource,
  psp: string,
  outcome: DepositFact['outcome'],
  more: Partial<DepositFact> = {},
): DepositFact {
  return {
    source,
    psp,
    outcome,
    pspReference: null,
    money: null,
    code: null,
    declineClass: null,
    redirectUrl: null,
    eventId: null,
    ...more,
  };
}

export function depositFactOfResult(
  source: FactSource,
  psp: string,
  result: CreatePaymentResult | QueryPaymentResult,
): DepositFact {
  switch (result.kind) {
    case 'approved':
      return depositFact(source, psp, 'succeeded', {
        pspReference: result.pspReference,
        money: result.money,
        ...(result.stored === undefined ? {} : { stored: result.stored }),
        ...('others' in result && result.others !== undefined
          ? { others: result.others.map(({ pspReference }) => pspReference) }
          : {}),
      });
    case 'authorized':
      return depositFact(source, psp, 'authorized', {
        pspReference: result.pspReference,
        money: result.money,
        ...(result.stored === undefined ? {} : { stored: result.stored }),
      });
    case 'pending':
      return depositFact(source, psp, 'pending', { pspReference: result.pspReference });
    case 'requires_action':
      return depositFact(source, psp, 'requires_action', {
        pspReference: result.pspReference,
        redirectUrl: result.redirectUrl,
      });
    case 'declined':
      return depositFact(source, psp, 'declined', {
        pspReference: result.pspReference,
        code: result.code,
        declineClass: result.declineClass,
      });
    case 'canceled':
      return depositFact(source, psp, 'canceled', { pspReference: result.pspReference });
    case 'refunded':
      return depositFact(source, psp, 'refunded', { pspReference: result.pspReference });
    case 'not_found':
      return depositFact(source, psp, 'not_found');
    case 'not_reached':
    case 'in_doubt':
      return depositFact(source, psp, result.kind, { code: result.reason });
    case 'refused':
      // What a PSP will never take it has declined, as far as the payment is concerned; a question refused says nothing of that.
      return source === 'answer' && (result.code === 'invalid_request' || result.code === 'unsupported')
        ? depositFact(source, psp, 'declined', { code: result.code, declineClass: 'technical' })
        : depositFact(source, psp, 'refused', { code: result.code });
  }
}

const EVENT_OUTCOMES = {
  authorized: 'authorized',
  dispute_opened: 'pending',
  dispute_won: 'pending',
  dispute_lost: 'pending',
  succeeded: 'succeeded',
  failed: 'declined',
  canceled: 'canceled',
  refunded: 'refunded',
  returned: 'refunded',
  pending: 'pending',
} as const;

/** The fact in a verified event about a payment. */
export function depositFactOfEvent(psp: string, event: PspEvent): DepositFact {
  const outcome = event.outcome === 'irrelevant' ? 'pending' : EVENT_OUTCOMES[event.outcome];
  return depositFact('webhook', psp, outcome, {
    pspReference: event.pspReference,
    money: event.money,
    code: event.code,
    declineClass: outcome === 'declined' ? 'issuer' : null,
    eventId: event.eventId,
    ...(event.onlyIfAutomatic === true ? { onlyIfAutomatic: true as const } : {}),
  });
}

export function payoutFact(
  source: FactSource,
  psp: string,
  outcome: PayoutFact['outcome'],
  more: Partial<PayoutFact> = {},
): PayoutFact {
  return { source, psp, outcome, pspReference: null, money: null, code: null, eventId: null, ...more };
}

export function payoutFactOfResult(
  source: FactSource,
  psp: string,
  result: CreatePayoutResult | QueryPayoutResult,
): PayoutFact {
  switch (result.kind) {
    case 'paid':
    case 'returned':
      return payoutFact(source, psp, result.kind, { pspReference: result.pspReference, money: result.money });
    case 'failed':
      return payoutFact(source, psp, 'failed', { pspReference: result.pspReference, code: result.code });
    case 'pending':
      return payoutFact(source, psp, 'pending', { pspReference: result.pspReference });
    case 'not_found':
      return payoutFact(source, psp, 'not_found');
    case 'not_reached':
    case 'in_doubt':
      return payoutFact(source, psp, result.kind, { code: result.reason });
    case 'refused':
      return payoutFact(source, psp, 'refused', { code: result.code });
  }
}

export function payoutFactOfEvent(psp: string, event: PspEvent): PayoutFact {
  const outcomes = {
    authorized: 'pending',
    dispute_opened: 'pending',
    dispute_won: 'pending',
    dispute_lost: 'pending',
    succeeded: 'paid',
    failed: 'failed',
    canceled: 'failed',
    returned: 'returned',
    refunded: 'returned',
    pending: 'pending',
  } as const;
  const outcome = event.outcome === 'irrelevant' ? 'pending' : outcomes[event.outcome];
  return payoutFact('webhook', psp, outcome, {
    pspReference: event.pspReference,
    money: event.money,
    code: event.code,
    eventId: event.eventId,
  });
}
