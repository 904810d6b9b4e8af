/**
 * Story: a person decides about a payout in review. Its money is reserved since it began and
 * stays so until then: approved, it is sent like any other; rejected, it goes back.
 */
import { ServiceError } from '../domain/errors.ts';
import { deferred, type Payout } from '../domain/payout.ts';
import type { PayoutCheck, PayoutReview } from '../ports/players.ts';
import type { Unit } from '../ports/unit.ts';
import { announce } from './apply-deposit-fact.ts';
import { nextPayoutStepAt, type PayoutState } from './apply-payout-fact.ts';
import type { ServiceContext } from './context.ts';
import { giveUpPayout } from './give-up-payout.ts';
import { routePayout } from './route-attempt.ts';
import { newAttempt } from './send-deposit.ts';
import { sendPayout } from './send-payout.ts';
import { tellDeferred } from './tell-deferred.ts';
import { tellReview } from './tell-review.ts';

export interface Reviewed extends PayoutState {
  check: PayoutCheck;
  /** The same decision was made before. */
  replayed: boolean;
}

interface Decision {
  payoutId: string;
  verdict: 'approved' | 'rejected';
  note: string | null;
}

/** @throws ServiceError not_found, invalid_state */
export async function reviewPayout(context: ServiceContext, decision: Decision): Promise<Reviewed> {
  const { database, stores } = context;
  const { payoutId, verdict } = decision;
  const decided = await database.transaction(async (unit) => {
    const locked = await stores.payouts.lock(unit, payoutId);
    if (locked === null) throw new ServiceError('not_found', `There is no payout ${payoutId}.`);
    const check = await stores.payoutChecks.find(unit, payoutId);
    const review = check?.review ?? null;
    if (check === null || review === null) throw notPossible(`Payout ${payoutId} was never in review.`, 'none');
    if (review.status === verdict) return { ...locked, check, first: null, replayed: true };
    if (review.status !== 'waiting')
      throw notPossible(`Payout ${payoutId} is ${review.status} already.`, review.status);
    const next: PayoutReview = {
      ...review,
      status: verdict,
      note: decision.note,
      decidedAt: context.clock.now(),
    };
    await stores.payoutChecks.decide(unit, payoutId, next);
    const moved =
      verdict === 'approved'
        ? await release(context, unit, locked.payout)
        : await giveBack(context, unit, locked.payout);
    const reviewed = { ...check, review: next };
    await tellReview(context, unit, { payout: moved.payout, attempts: moved.attempts, check: reviewed });
    return { ...moved, check: reviewed, replayed: false };
  });
  const { payout, attempts, check, replayed, first } = decided;
  announce(context, payout);
  if (first === null) return { payout, attempts, check, replayed };
  return { ...(await sendPayout(context, payout, first)), check, replayed };
}

/** Its life begins now: what a person took to decide is not the PSP's time. */
async function release(context: ServiceContext, unit: Unit, payout: Payout) {
  const { clock, stores, timings } = context;
  const nowMs = clock.now();
  const route = await routePayout(context, unit, payout, { attempts: [], again: false });
  const first = route.psp === null ? null : newAttempt(context, payout.id, 1, route.psp);
  const attempts = first === null ? [] : [first];
  const renewed: Payout = { ...payout, updatedAt: nowMs, expiresAt: nowMs + timings.payoutExpiresAfterMs };
  const released = first === null ? deferred(renewed, nowMs) : renewed;
  released.nextStepAt = nextPayoutStepAt(released, attempts, nowMs, timings);
  await stores.payouts.save(unit, released);
  if (first === null) {
    await stores.routes.insert(unit, route.with(null));
    await tellDeferred(context, unit, released, attempts);
  } else {
    await stores.attempts.insert(unit, 'payout', first, route.with(first));
  }
  return { payout: released, attempts, first };
}

async function giveBack(context: ServiceContext, unit: Unit, payout: Payout) {
  const failed = await giveUpPayout(context, unit, { payout, attempts: [] }, 'rejected in review');
  return { payout: failed, attempts: [], first: null };
}

function notPossible(message: string, review: string): ServiceError {
  return new ServiceError('invalid_state', message, { details: { review } });
}
