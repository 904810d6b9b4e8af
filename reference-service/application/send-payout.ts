/**
 * Sends a stored payout attempt and learns the answer. One attempt only: a payout that was not
 * taken is deferred and the worker sends it later, perhaps elsewhere.
 */
import type { Attempt } from '../domain/deposit.ts';
import type { Payout } from '../domain/payout.ts';
import type { Unit } from '../ports/unit.ts';
import { applyPayoutFact, type PayoutState } from './apply-payout-fact.ts';
import { announce } from './apply-deposit-fact.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { drainDeferred } from './drain-deferred.ts';
import { payoutAttemptView, payoutFactOfResult } from './facts.ts';
import { guarded } from './send-deposit.ts';

export async function sendPayout(
  context: ServiceContext,
  payout: Payout,
  attempt: Attempt,
  atEnd?: (unit: Unit) => Promise<void>,
): Promise<PayoutState> {
  const { adapter } = pspOf(context, attempt.psp);
  context.breaker.sending(attempt.psp, 'payout', context.clock.now());
  const result = await guarded(context, attempt, () => adapter.createPayout(payoutAttemptView(payout, attempt)));
  const state = await context.database.transaction(async (unit) => {
    const fact = payoutFactOfResult('answer', attempt.psp, result);
    const applied = await applyPayoutFact(context, unit, { payoutId: payout.id, attemptId: attempt.id }, fact);
    await atEnd?.(unit);
    return applied;
  });
  announce(context, state.payout);
  await drainDeferred(context, state);
  return state;
}
