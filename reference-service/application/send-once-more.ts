/**
 * Sends a request once more under its own key, when the PSP answers that it does not know it.
 *
 * "Not found" is no proof of absence while the first request may still be on its way, and for
 * that proof a player would wait minutes. The same call under the same key needs no proof: inside
 * the life of the key the PSP executes one of the two and answers both alike. Once per attempt;
 * what is not there after that is judged as absent in time.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import type { DepositFact } from '../domain/deposit-fact.ts';
import type { Payout } from '../domain/payout.ts';
import type { PayoutFact } from '../domain/payout-policy.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { depositFactOfResult, paymentAttemptView, payoutAttemptView, payoutFactOfResult } from './facts.ts';
import { guarded, urlsOf } from './send-deposit.ts';

/** Null: it is too early, too late, or was done before. */
export async function sendOnceMore(
  context: ServiceContext,
  payment: Payment,
  attempt: Attempt,
): Promise<DepositFact | null> {
  const nowMs = context.clock.now();
  if (payment.status !== 'pending' || nowMs >= payment.expiresAt || !isCredible(context, attempt)) return null;
  const noted = await note(context, attempt, async (unit) => {
    const found = await context.stores.deposits.lock(unit, payment.id);
    return found?.payment.status === 'pending' ? found.attempts : [];
  });
  if (!noted) return null;
  const { adapter } = pspOf(context, attempt.psp);
  const result = await guarded(context, attempt, () =>
    adapter.createPayment(paymentAttemptView(payment, attempt), urlsOf(context, payment, attempt)),
  );
  // A yes may be the first answer to the first execution: as such it needs its proof.
  const isYes = result.kind === 'approved' || result.kind === 'authorized';
  return depositFactOfResult(isYes ? 'answer' : 'replay', attempt.psp, result);
}

/** Null: it is too early, too late, or was done before. */
export async function sendPayoutOnceMore(
  context: ServiceContext,
  payout: Payout,
  attempt: Attempt,
): Promise<PayoutFact | null> {
  if (context.clock.now() >= payout.expiresAt || !isCredible(context, attempt)) return null;
  const noted = await note(context, attempt, async (unit) => {
    const found = await context.stores.payouts.lock(unit, payout.id);
    return found?.payout.status === 'pending' ? found.attempts : [];
  });
  if (!noted) return null;
  const { adapter } = pspOf(context, attempt.psp);
  const result = await guarded(context, attempt, () => adapter.createPayout(payoutAttemptView(payout, attempt)));
  return payoutFactOfResult(result.kind === 'paid' ? 'answer' : 'replay', attempt.psp, result);
}

/** The PSP had the time to show what it got, the attempt was sent once only, and its key lives long enough. */
function isCredible({ clock, timings, psps }: ServiceContext, attempt: Attempt): boolean {
  const capabilities = psps.get(attempt.psp)?.adapter.capabilities;
  if (capabilities === undefined || attempt.status !== 'in_doubt' || attempt.sentAt !== attempt.createdAt) return false;
  const { keyLifeMs, visibilityLagMs } = capabilities;
  const nowMs = clock.now();
  return (
    nowMs >= attempt.sentAt + Math.max(timings.pspTimeoutMs, visibilityLagMs) &&
    nowMs + 2 * timings.pspTimeoutMs < attempt.createdAt + keyLifeMs
  );
}

/** Written before the call: absence is judged from the last time that something was sent. */
function note(
  context: ServiceContext,
  attempt: Attempt,
  attemptsUnderLock: (
    unit: Parameters<Parameters<ServiceContext['database']['transaction']>[0]>[0],
  ) => Promise<Attempt[]>,
): Promise<boolean> {
  return context.database.transaction(async (unit) => {
    const current = (await attemptsUnderLock(unit)).find(({ id }) => id === attempt.id);
    if (current?.status !== 'in_doubt' || current.sentAt !== attempt.sentAt) return false;
    await context.stores.attempts.save(unit, { ...current, sentAt: context.clock.now(), absentSeenAt: null });
    return true;
  });
}
