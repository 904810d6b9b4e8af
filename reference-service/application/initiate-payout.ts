/**
 * Story: a player takes money out.
 *
 *   1 judge the risk, look for the way back, choose a PSP
 *   2 one transaction: claim the key, check, reserve the amount, store payout + attempt
 *   3 send, unless a person looks at it first
 *   4 answer; the reservation is posted or voided when the outcome is proven
 *
 * Too little money, or a check that says no: nothing is stored but the answer under the key.
 */
import { ServiceError } from '../domain/errors.ts';
import { formatAmount } from '../domain/money.ts';
import type { Attempt } from '../domain/deposit.ts';
import type { PaymentMethod } from '../domain/deposit.ts';
import { deferred, type Payout } from '../domain/payout.ts';
import type { Unit } from '../ports/unit.ts';
import { announce } from './apply-deposit-fact.ts';
import { nextPayoutStepAt } from './apply-payout-fact.ts';
import { planPayout, refuseOrHold, type PayoutPlan } from './check-payout.ts';
import type { ServiceContext } from './context.ts';
import { claimOf, earlierAnswer, type IdempotentRequest } from './idempotent-answer.ts';
import { refusalError, storeRefusal, throwStoredRefusal, type Refused } from './refusal.ts';
import { refuseNewWhenReadOnly, routePayout, type Route } from './route-attempt.ts';
import { newAttempt } from './send-deposit.ts';
import { sendPayout } from './send-payout.ts';
import { tellDeferred } from './tell-deferred.ts';
import { tellReview } from './tell-review.ts';

export interface PayoutRequest extends IdempotentRequest {
  playerId: string;
  amountMinor: number;
  currency: string;
  method: PaymentMethod;
  traceId: string | null;
  /** Null: the kept method of the last deposit where the policy asks for the way back, else `defaultDestination`. */
  destinationToken: string | null;
  defaultDestination: string;
  /** Null: that of the player's profile, where the platform told one. */
  country: string | null;
  bank: string | null;
  preferredPsp: string | null;
}

export interface PayoutAnswer {
  payout: Payout;
  replayed: boolean;
}

/**
 * @throws ServiceError unavailable (read-only), method_not_available, insufficient_funds, kyc_required,
 * limit_exceeded, wagering_not_met, closed_loop_required, risk_denied, idempotency_key_reused, idempotency_in_flight
 */
export async function initiatePayout(context: ServiceContext, request: PayoutRequest): Promise<PayoutAnswer> {
  const { database, stores, ids, clock, timings } = context;
  await refuseNewWhenReadOnly(context, request);
  const nowMs = clock.now();
  const payout: Payout = {
    id: ids.next('po'),
    txnId: ids.next('txn'),
    playerId: request.playerId,
    amountMinor: request.amountMinor,
    currency: request.currency,
    method: request.method,
    destinationToken: request.destinationToken ?? request.defaultDestination,
    country: request.country ?? (await stores.players.find(database.autocommit, request.playerId))?.country ?? null,
    bank: request.bank,
    preferredPsp: request.preferredPsp,
    pinnedPsp: null,
    traceId: request.traceId,
    failureReason: null,
    deferredAt: null,
    status: 'pending',
    createdAt: nowMs,
    updatedAt: nowMs,
    expiresAt: nowMs + timings.payoutExpiresAfterMs,
    nextStepAt: null,
  };
  const plan = await planPayout(context, payout, { mayUseKept: request.destinationToken === null });
  const waits = plan.reviewReasons.length > 0;
  const route = await routePayout(context, database.autocommit, payout, { attempts: [], again: false });
  if (route.eligible.length === 0)
    throw new ServiceError('method_not_available', `None of the configured PSPs can pay out by ${payout.method}.`);
  const attempt = waits || route.psp === null ? null : newAttempt(context, payout.id, 1, route.psp);
  if (attempt === null && !waits) Object.assign(payout, deferred(payout, nowMs));
  if (!waits) payout.nextStepAt = nextPayoutStepAt(payout, attempt === null ? [] : [attempt], nowMs, timings);

  const reserved = await reserve(context, request, payout, { first: attempt, route, plan });
  if (reserved.kind === 'taken') return replay(context, request);
  if (reserved.kind === 'refused') throw refusalError(reserved.refusal);
  if (reserved.kind === 'insufficient_funds') throw insufficientFunds(reserved.details);
  announce(context, payout);
  if (attempt === null) return { payout, replayed: false };
  const complete = { status: 201, body: null };
  const state = await sendPayout(context, payout, attempt, (unit) =>
    stores.keys.complete(unit, request.scope, request.key, complete),
  );
  return { payout: state.payout, replayed: false };
}

type Reserved =
  | { kind: 'reserved' | 'taken' }
  | { kind: 'refused'; refusal: Refused }
  | { kind: 'insufficient_funds'; details: Record<string, unknown> };

/** With no attempt to send, the answer is already definitive and is stored with the reservation. */
async function reserve(
  context: ServiceContext,
  request: PayoutRequest,
  payout: Payout,
  { first, route, plan }: { first: Attempt | null; route: Route; plan: PayoutPlan },
): Promise<Reserved> {
  const { database, stores, parts } = context;
  const { scope, key } = request;
  return database.transaction(async (unit) => {
    if (!(await stores.keys.claim(unit, claimOf(context, request), payout.id))) return { kind: 'taken' };
    if (plan.risk !== null) await stores.risk.insert(unit, plan.risk);
    const refusal = await refuseOrHold(context, unit, payout, plan);
    if (refusal !== null) {
      await storeRefusal(context, unit, request, refusal);
      return { kind: 'refused', refusal };
    }
    const [outcome] = await parts.ledger.post(unit, [
      {
        kind: 'payout_reserve',
        paymentId: payout.id,
        playerId: payout.playerId,
        amountMinor: payout.amountMinor,
        currency: payout.currency,
        psp: null,
        txnId: null,
        idempotencyKey: null,
      },
    ]);
    if (outcome?.kind === 'insufficient_funds') {
      const details = { available: formatAmount(outcome.availableMinor, payout.currency), currency: payout.currency };
      await stores.keys.complete(unit, scope, key, { status: 402, body: details });
      return { kind: 'insufficient_funds', details };
    }
    if (outcome?.kind !== 'posted')
      throw new Error(`Bug: the reservation of ${payout.id} was answered with ${outcome?.kind}`);
    await stores.payouts.insert(unit, payout);
    await storeCheck(context, unit, payout, plan);
    if (first !== null) await stores.attempts.insert(unit, 'payout', first, route.with(first));
    else await stores.keys.complete(unit, scope, key, { status: 201, body: null });
    if (payout.status === 'deferred') {
      await stores.routes.insert(unit, route.with(null));
      await tellDeferred(context, unit, payout, []);
    }
    return { kind: 'reserved' };
  });
}

/** Only where there is something to say: a policy that asks for nothing leaves no trace. */
async function storeCheck(context: ServiceContext, unit: Unit, payout: Payout, plan: PayoutPlan): Promise<void> {
  const { reviewReasons: reasons, route } = plan;
  if (reasons.length === 0 && route === null) return;
  const review =
    reasons.length === 0
      ? null
      : { status: 'waiting' as const, reasons, openedAt: payout.createdAt, decidedAt: null, note: null };
  await context.stores.payoutChecks.insert(unit, { payoutId: payout.id, route, review });
  if (review !== null) await tellReview(context, unit, { payout, attempts: [], check: { route, review } });
}

async function replay(context: ServiceContext, request: PayoutRequest): Promise<PayoutAnswer> {
  const stored = await earlierAnswer(context, request);
  throwStoredRefusal(stored);
  if (stored.responseStatus === 402) throw insufficientFunds(stored.responseBody as Record<string, unknown>, true);
  const found =
    stored.subjectId === null ? null : await context.stores.payouts.find(context.database.autocommit, stored.subjectId);
  if (found === null) throw new Error(`Bug: key ${request.key} points to no payout`);
  return { payout: found.payout, replayed: true };
}

function insufficientFunds(details: Record<string, unknown>, replayed = false): ServiceError {
  return new ServiceError('insufficient_funds', 'The wallet has less than the amount asked for.', {
    details,
    replayed,
  });
}
