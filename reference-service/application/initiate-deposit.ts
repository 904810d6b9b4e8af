/**
 * Story: a player starts a deposit.
 *
 *   1 judge the risk, choose a PSP
 *   2 claim the key and store payment + attempt, one statement (`admit-deposit.ts` for players with limits)
 *   3 call the PSP, move on where the rule allows   4 answer
 *
 * A crash after 2 loses nothing: the attempt is stored as sent, the worker asks the PSP what
 * became of it, and a repeated request finds the payment. In doubt is answered as `pending`.
 */
import type { Payment, PaymentMethod } from '../domain/deposit.ts';
import { nextDepositStepAt } from '../domain/deposit-schedule.ts';
import { admitDeposit, judgeDeposit } from './admit-deposit.ts';
import { announce, type DepositState } from './apply-deposit-fact.ts';
import type { ServiceContext } from './context.ts';
import { notAvailable } from './candidates.ts';
import { earlierAnswer, type IdempotentRequest } from './idempotent-answer.ts';
import { keptMethodFor } from './kept-methods.ts';
import type { StoredMethod } from '../ports/stored-methods.ts';
import { throwStoredRefusal } from './refusal.ts';
import { refuseNewWhenReadOnly, routeDeposit } from './route-attempt.ts';
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

/** @throws ServiceError unavailable (read-only), self_excluded, limit_exceeded, risk_denied, method_not_available, idempotency_key_reused, idempotency_in_flight */
export async function initiateDeposit(context: ServiceContext, request: DepositRequest): Promise<DepositAnswer> {
  const { database, stores, ids, clock, timings } = context;
  await refuseNewWhenReadOnly(context, request);
  const nowMs = clock.now();
  const kept = await keptMethodOf(context, request).catch((error: unknown) => replayElse(context, request, error));
  if (kept !== null && 'payment' in kept) return kept;
  const payment = newPayment(request, kept, {
    id: ids.next('pay'),
    txnId: ids.next('txn'),
    nowMs,
    expiresAt: nowMs + timings.paymentExpiresAfterMs,
  });
  const risk = await judgeDeposit(context, payment);
  const route = await routeDeposit(context, database.autocommit, payment, { attempts: [], again: false });
  if (route.eligible.length === 0) return replayElse(context, request, notAvailable(context, payment));
  const attempt = route.psp === null ? null : newAttempt(context, payment.id, 1, route.psp);
  const attempts = attempt === null ? [] : [attempt];
  payment.nextStepAt = nextDepositStepAt({ payment, attempts, nowMs, timings });

  const versions = await admitDeposit(context, request, { payment, attempt, risk, route: route.with(attempt) });
  if (versions === null) return replay(context, request);

  if (attempt === null) {
    // Every PSP is out of order right now: the payment waits for the worker, the player sees `pending`.
    await stores.keys.complete(database.autocommit, request.scope, request.key, { status: 201, body: null });
    announce(context, payment);
    return { payment, attempts, status: 201, replayed: false };
  }
  context.wakeAt(payment.nextStepAt);
  const state = await sendDeposit(context, payment, attempt, {
    again: false,
    versions,
    atEnd: (unit, end) => stores.keys.complete(unit, request.scope, request.key, { status: statusOf(end), body: null }),
  });
  return { ...state, status: statusOf(state), replayed: false };
}

/** The kept method that is charged, if the request names one. */
async function keptMethodOf(context: ServiceContext, request: DepositRequest): Promise<StoredMethod | null> {
  const { storedMethodId } = request;
  return storedMethodId === null ? null : keptMethodFor(context, { ...request, storedMethodId });
}

/** What cannot be started today may have been started under this key before: then that is the answer. */
async function replayElse(context: ServiceContext, request: DepositRequest, error: unknown): Promise<DepositAnswer> {
  if ((await context.stores.keys.find(context.database.autocommit, request.scope, request.key)) === null) throw error;
  return replay(context, request);
}

function statusOf({ payment }: DepositState): 201 | 402 {
  return payment.status === 'declined' ? 402 : 201;
}

async function replay(context: ServiceContext, request: DepositRequest): Promise<DepositAnswer> {
  const stored = await earlierAnswer(context, request);
  throwStoredRefusal(stored);
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
  kept: StoredMethod | null,
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
    storedToken: kept?.pspToken ?? null,
    pinnedPsp: kept?.psp ?? null,
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
    captureAskedAt: null,
    cancelRequestedAt: null,
    createdAt: made.nowMs,
    updatedAt: made.nowMs,
    expiresAt: made.expiresAt,
    nextStepAt: null,
  };
}
