/**
 * Story: ask the PSP what became of an attempt whose outcome is not proven.
 *
 * Two kinds of PSP. One can be asked by our reference: "not found" then counts only after the
 * visibility lag, and only when said twice. The other has no such question: there the same
 * call under the same key, within the life of the key, answers what the first one did.
 * A PSP that is asked by its own id only is of the second kind until that id is known.
 * Silence proves nothing; whoever cannot be asked is waited for.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import type { DepositFact } from '../domain/deposit-fact.ts';
import type { PspCapabilities } from '../ports/psp-adapter.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { depositFact, depositFactOfResult, paymentAttemptView } from './facts.ts';
import { guarded, urlsOf } from './send-deposit.ts';

/** Code of a fact: the PSP answered that it does not know the attempt, which is no proof yet. */
export const NOT_FOUND = 'not_found';

/** Asks once. Null: there is no question that this PSP could answer now. */
export async function askAboutAttempt(
  context: ServiceContext,
  payment: Payment,
  attempt: Attempt,
): Promise<DepositFact | null> {
  const { adapter } = pspOf(context, attempt.psp);
  const view = paymentAttemptView(payment, attempt);
  if (canBeAsked(adapter.capabilities, attempt)) {
    const result = await guarded(context, attempt, () => adapter.queryPayment(view));
    if (result.kind === 'not_found') return judgeAbsence(context, attempt, adapter.capabilities.visibilityLagMs);
    return depositFactOfResult('query', attempt.psp, result);
  }
  if (!mayBeRepeated(context, attempt, adapter.capabilities.keyLifeMs)) return null;
  const { submitReturn } = adapter;
  if (attempt.returnQuery !== null && submitReturn !== undefined) {
    const query = attempt.returnQuery;
    return depositFactOfResult(
      'replay',
      attempt.psp,
      await guarded(context, attempt, () => submitReturn.call(adapter, view, query)),
    );
  }
  const result = await guarded(context, attempt, () => adapter.createPayment(view, urlsOf(context, payment, attempt)));
  return depositFactOfResult('replay', attempt.psp, result);
}

/** Is there a question for this attempt, other than the repetition of the call? */
export function canBeAsked(
  { statusQuery, queryByReference = true }: PspCapabilities,
  { pspReference }: Pick<Attempt, 'pspReference'>,
): boolean {
  return statusQuery && (queryByReference || pspReference !== null);
}

/**
 * Can a PSP without a status query tell by a repetition of the call? It must arrive while the PSP
 * still knows the key, else it would be a second payment; and while a challenge is unfinished it
 * would only say so again.
 */
export function mayBeRepeated(context: ServiceContext, attempt: Attempt, keyLifeMs: number): boolean {
  if (context.clock.now() + 2 * context.timings.pspTimeoutMs >= attempt.createdAt + keyLifeMs) return false;
  return attempt.status !== 'requires_action' || attempt.returnQuery !== null;
}

/** What a "not found" proves: nothing too early, half of it the first time, absence the second time. */
export function judgeAbsence(context: ServiceContext, attempt: Attempt, visibilityLagMs: number): DepositFact {
  const outcome = absenceOutcome(context, attempt, visibilityLagMs);
  return depositFact('query', attempt.psp, outcome, outcome === 'absent_proven' ? {} : { code: NOT_FOUND });
}

export function absenceOutcome(
  context: ServiceContext,
  attempt: Pick<Attempt, 'sentAt' | 'absentSeenAt'>,
  visibilityLagMs: number,
): 'pending' | 'not_found' | 'absent_proven' {
  const nowMs = context.clock.now();
  const { pspTimeoutMs, pspWorksOnMs } = context.timings;
  // The PSP may work on the request long after our time-out, and show it one lag later.
  if (nowMs < attempt.sentAt + Math.max(pspTimeoutMs, pspWorksOnMs) + visibilityLagMs) return 'pending';
  if (attempt.absentSeenAt === null) return 'not_found';
  return nowMs >= attempt.absentSeenAt + visibilityLagMs ? 'absent_proven' : 'pending';
}
