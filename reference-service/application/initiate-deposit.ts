/**
 * Story: a player starts a deposit.
 *
 *   1 choose a PSP   2 claim the key and store payment + attempt, one statement
 *   3 call the PSP, move on where the rule allows   4 answer
 *
 * A crash after 2 loses nothing: the attempt is stored as sent, the worker asks the PSP what
 * became of it, and a repeated request finds the payment. In doubt is answered as `pending`.
 */
import type { Payment, PaymentMethod } from '../domain/deposit.ts';
import { nextDepositStepAt } from '../domain/deposit-schedule.ts';
import { choosePsp } from '../domain/failover.ts';
import { announce, type DepositState } from './apply-deposit-fact.ts';
import type { ServiceContext } from './context.ts';
import { candidatesFor, notAvailable } from './candidates.ts';
import { claimOf, earlierAnswer, type IdempotentRequest } from './idempotent-answer.ts';
import { newAttempt, sendDeposit } from './send-deposit.ts';

export interface DepositRequest extends IdempotentRequest {
  playerId: string;
  amountMinor: number;
  currency: string;
  method: PaymentMethod;
  token: string;
  storedMethodId: string | null;
  storeMethod: boolean;
  capture: 'automatic' | 'manual';
  country: string | null;
  device: 'mobile' | 'desktop' | 'tablet' | null;
  bin: string | null;
  bank: string | null;
  traceId: string | null;
  returnUrl: string;
  preferredPsp: string | null;
}

export interface DepositAnswer extends DepositState {
  /** 201, or 402 when the first answer was a decline. */
  status: 201 | 402;
  replayed: boolean;
}

/** @throws ServiceError method_not_available, idempotency_key_reused, idempotency_in_flight */
export async function initiateDeposit(context: ServiceContext, request: DepositRequest): Promise<DepositAnswer> {
  const { database, stores, ids, clock, timings, breaker } = context;
  const nowMs = clock.now();
  const isAvailable = (psp: string): boolean => breaker.admits(psp, nowMs);
  const payment = newPayment(request, {
    id: ids.next('pay'),
    txnId: ids.next('txn'),
    nowMs,
    expiresAt: nowMs + timings.paymentExpiresAfterMs,
  });
  const candidates = candidatesFor(context, payment);
  if (candidates.length === 0) throw notAvailable(context, payment);
  const psp = choosePsp({
    psps: candidates,
    preferred: request.preferredPsp,
    attempts: [],
    isAvailable,
    again: false,
  });
  const attempt = psp === null ? null : newAttempt(context, payment.id, 1, psp);
  const attempts = attempt === null ? [] : [attempt];
  payment.nextStepAt = nextDepositStepAt({ payment, attempts, nowMs, timings });

  const started = await stores.deposits.start(database.autocommit, claimOf(context, request), payment, attempt);
  if (!started) return replay(context, request);

  if (attempt === null) {
    // Every PSP is out of order right now: the payment waits for the worker, the player sees `pending`.
    await stores.keys.complete(database.autocommit, request.scope, request.key, { status: 201, body: null });
    announce(context, payment);
    return { payment, attempts, status: 201, replayed: false };
  }
  context.wakeAt(payment.nextStepAt);
  const state = await sendDeposit(context, payment, attempt, {
    again: false,
    atEnd: (unit, end) => stores.keys.complete(unit, request.scope, request.key, { status: statusOf(end), body: null }),
  });
  return { ...state, status: statusOf(state), replayed: false };
}

function statusOf({ payment }: DepositState): 201 | 402 {
  return payment.status === 'declined' ? 402 : 201;
}

async function replay(context: ServiceContext, request: DepositRequest): Promise<DepositAnswer> {
  const stored = await earlierAnswer(context, request);
  const found =
    stored.subjectId === null
      ? null
      : await context.stores.deposits.find(context.database.autocommit, stored.subjectId);
  if (found === null) throw new Error(`Bug: key ${request.key} points to no payment`);
  return {
    ...found,
    status: stored.responseStatus === 402 || (stored.responseStatus === null && statusOf(found) === 402) ? 402 : 201,
    replayed: true,
  };
}

function newPayment(
  request: DepositRequest,
  made: { id: string; txnId: string; nowMs: number; expiresAt: number },
): Payment {
  return {
    id: made.id,
    txnId: made.txnId,
    playerId: request.playerId,
    amountMinor: request.amountMinor,
    currency: request.currency,
    method: request.method,
    token: request.token,
    storedMethodId: request.storedMethodId,
    storedToken: null,
    pinnedPsp: null,
    storeMethod: request.storeMethod,
    capture: request.capture,
    challenge: 'auto',
    country: request.country,
    device: request.device,
    bin: request.bin,
    bank: request.bank,
    returnUrl: request.returnUrl,
    preferredPsp: request.preferredPsp,
    traceId: request.traceId,
    status: 'pending',
    redirectUrl: null,
    creditedAttemptId: null,
    creditedAt: null,
    creditedMinor: null,
    refundedMinor: 0,
    disputedMinor: 0,
    authorizedAt: null,
    captureMinor: null,
    cancelRequestedAt: null,
    createdAt: made.nowMs,
    updatedAt: made.nowMs,
    expiresAt: made.expiresAt,
    nextStepAt: null,
  };
}
