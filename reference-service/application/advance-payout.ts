/**
 * Story: the next step of a payout that is not finished: ask about the attempt that is out,
 * or send again what reached nobody. Money stays reserved until the outcome is proven.
 */
import type { Attempt } from '../domain/deposit.ts';
import { deferred, isPayoutFinal, livePayoutAttempt, type Payout } from '../domain/payout.ts';
import { payoutFact, payoutAttemptView, payoutFactOfResult } from './facts.ts';
import type { PayoutFact } from '../domain/payout-policy.ts';
import { announce } from './apply-deposit-fact.ts';
import { applyPayoutFact, nextPayoutStepAt } from './apply-payout-fact.ts';
import { stepLeaseMs } from './advance-deposit.ts';
import { openCases } from './cases.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { drainDeferred } from './drain-deferred.ts';
import { giveUpPayout } from './give-up-payout.ts';
import { absenceOutcome, canBeAsked } from './resolve-in-doubt.ts';
import { routePayout } from './route-attempt.ts';
import { guarded, newAttempt } from './send-deposit.ts';
import { sendPayoutOnceMore } from './send-once-more.ts';
import { sendPayout } from './send-payout.ts';
import { tellDeferred } from './tell-deferred.ts';

/** @param isProbe asks even when the PSP is known to be silent */
export async function advancePayout(
  context: ServiceContext,
  payoutId: string,
  dueAt: number,
  isProbe = false,
): Promise<void> {
  const { database, stores, clock } = context;
  const leaseUntil = clock.now() + stepLeaseMs(context);
  if (!(await stores.payouts.takeStep(database.autocommit, payoutId, dueAt, leaseUntil))) return;
  const found = await stores.payouts.find(database.autocommit, payoutId);
  if (found === null || isPayoutFinal(found.payout.status)) return;
  await context.inTrace(found.payout.traceId, () => nextStep(context, found, leaseUntil, isProbe));
}

async function nextStep(
  context: ServiceContext,
  { payout, attempts }: { payout: Payout; attempts: readonly Attempt[] },
  leaseUntil: number,
  isProbe: boolean,
): Promise<void> {
  const { database, stores, clock } = context;
  const attempt = livePayoutAttempt(attempts);
  if (attempt === null) return sendAgain(context, payout.id);

  await openCaseWhenStuck(context, payout, attempt);
  if (!isProbe && attempt.status !== 'sent' && context.reach.isSilent(attempt.psp)) {
    const nextStepAt = clock.now() + context.timings.inDoubtQueryMaxMs;
    await stores.payouts.takeStep(database.autocommit, payout.id, leaseUntil, nextStepAt);
    return context.wakeAt(nextStepAt);
  }
  const fact = await ask(context, payout, attempt);
  const applied = await database.transaction((unit) =>
    applyPayoutFact(context, unit, { payoutId: payout.id, attemptId: attempt.id }, fact),
  );
  announce(context, applied.payout);
}

async function ask(context: ServiceContext, payout: Payout, attempt: Attempt): Promise<PayoutFact> {
  if (attempt.status === 'sent')
    return payoutFact('answer', attempt.psp, 'in_doubt', { code: 'no answer was recorded' });
  const { adapter } = pspOf(context, attempt.psp);
  const view = payoutAttemptView(payout, attempt);
  if (canBeAsked(adapter.capabilities, attempt)) {
    const result = await guarded(context, attempt, () => adapter.queryPayout(view));
    if (result.kind !== 'not_found') return payoutFactOfResult('query', attempt.psp, result);
    const again = await sendPayoutOnceMore(context, payout, attempt);
    if (again !== null) return again;
    const absence = absenceOutcome(context, attempt, adapter.capabilities.visibilityLagMs);
    return payoutFact('query', attempt.psp, absence === 'pending' ? 'in_doubt' : absence);
  }
  const keyIsAlive =
    context.clock.now() + 2 * context.timings.pspTimeoutMs < attempt.createdAt + adapter.capabilities.keyLifeMs;
  // What the PSP has taken it would only say again; had it forgotten the key, it would pay once more.
  if (attempt.status === 'approved' || !keyIsAlive) return payoutFact('query', attempt.psp, 'in_doubt');
  return payoutFactOfResult('replay', attempt.psp, await guarded(context, attempt, () => adapter.createPayout(view)));
}

async function sendAgain(context: ServiceContext, payoutId: string): Promise<void> {
  const { database, stores, clock, timings } = context;
  const prepared = await database.transaction(async (unit) => {
    const locked = await stores.payouts.lock(unit, payoutId);
    if (locked === null || isPayoutFinal(locked.payout.status) || livePayoutAttempt(locked.attempts) !== null)
      return null;
    const nowMs = clock.now();
    const { payout, attempts } = locked;
    if (nowMs >= payout.expiresAt) {
      const failed = await giveUpPayout(context, unit, locked, 'no payment provider could take it in time');
      return { payout: failed, attempts, attempt: null };
    }
    const route = await routePayout(context, unit, payout, { attempts, again: true });
    const attempt = route.psp === null ? null : newAttempt(context, payout.id, attempts.length + 1, route.psp);
    if (attempt !== null) await stores.attempts.insert(unit, 'payout', attempt, route.with(attempt));
    const all = attempt === null ? attempts : [...attempts, attempt];
    const status = attempt === null ? 'deferred' : 'pending';
    const moved: Payout = { ...payout, status, updatedAt: status === payout.status ? payout.updatedAt : nowMs };
    const waiting = attempt === null ? deferred(moved, nowMs) : moved;
    waiting.nextStepAt = nextPayoutStepAt(waiting, all, nowMs, timings);
    await stores.payouts.save(unit, waiting);
    if (waiting.deferredAt !== payout.deferredAt) await tellDeferred(context, unit, waiting, all);
    return { payout: waiting, attempts: all, attempt };
  });
  if (prepared === null) return;
  announce(context, prepared.payout);
  if (prepared.attempt !== null) await sendPayout(context, prepared.payout, prepared.attempt);
  else await drainDeferred(context, prepared);
}

async function openCaseWhenStuck(context: ServiceContext, payout: Payout, attempt: Attempt): Promise<void> {
  if (attempt.status !== 'in_doubt' && attempt.status !== 'approved') return;
  if (context.clock.now() < attempt.sentAt + context.timings.caseAfterInDoubtMs) return;
  const summary = `Payout attempt ${attempt.id} at ${attempt.psp} has no proven outcome so far; its money stays reserved.`;
  await openCases(context, context.database.autocommit, [
    { kind: 'stuck_in_doubt', subjectId: payout.id, psp: attempt.psp, summary },
  ]);
}
