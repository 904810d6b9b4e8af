/**
 * Story: an event proves nothing by itself, or calls for our next step at the PSP. The PSP is
 * asked about the attempt that it names, and the answer is what is learned.
 *
 * Only about an attempt that is still open: the question may complete a payment that the payer
 * has approved, and nobody wants that of one that is over.
 *
 * Under the attempt's own id where it is known, whatever id the event names; else under that of
 * the event, and the PSP must answer with our reference. Nothing else of the event is used.
 */
import { isLive, type Attempt } from '../domain/deposit.ts';
import type { DepositFact } from '../domain/deposit-fact.ts';
import type { PayoutFact } from '../domain/payout-policy.ts';
import type { PspEvent } from '../ports/psp-adapter.ts';
import type { Unit } from '../ports/unit.ts';
import { announce, applyDepositFact } from './apply-deposit-fact.ts';
import { applyPayoutFact } from './apply-payout-fact.ts';
import type { AppliedEvent } from './apply-psp-event.ts';
import type { EventTarget } from './confirm-event.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { payoutAttemptView, payoutFactOfEvent, payoutFactOfResult } from './facts.ts';
import { askAboutAttempt } from './resolve-in-doubt.ts';
import { guarded } from './send-deposit.ts';

/** What is to be done with the answer, in the transaction that also ends the event. */
export type LearnAnswer = (unit: Unit) => Promise<AppliedEvent>;

/**
 * Asks once. Never inside a transaction: it waits for the PSP. Null: no answer that means anything, ask again.
 * @param isLast nobody will ask again about this event
 */
export async function askAboutEvent(
  context: ServiceContext,
  event: PspEvent,
  target: EventTarget,
  isLast: boolean,
): Promise<LearnAnswer | null> {
  return target.kind === 'deposit'
    ? askAboutDeposit(context, event, target)
    : askAboutPayout(context, event, target, isLast);
}

async function askAboutDeposit(
  context: ServiceContext,
  event: PspEvent,
  target: EventTarget,
): Promise<LearnAnswer | null> {
  const found = await context.stores.deposits.find(context.database.autocommit, target.subjectId);
  const attempt = found?.attempts.find(({ id }) => id === target.attemptId);
  if (found === null || attempt === undefined) return null;
  if (!isLive(attempt))
    return () => Promise.resolve({ kind: 'done', outcome: 'nothing_new', afterCommit: () => undefined });
  const fact = await context.inTrace(found.payment.traceId, () =>
    askAboutAttempt(context, found.payment, named(attempt, event)),
  );
  if (fact === null || isNoAnswer(fact)) return null;
  return async (unit) => {
    const ids = { paymentId: target.subjectId, attemptId: target.attemptId };
    const applied = await applyDepositFact(context, unit, ids, fact);
    return { kind: 'done', outcome: applied.outcome, afterCommit: () => announce(context, applied.payment) };
  };
}

async function askAboutPayout(
  context: ServiceContext,
  event: PspEvent,
  target: EventTarget,
  isLast: boolean,
): Promise<LearnAnswer | null> {
  const found = await context.stores.payouts.find(context.database.autocommit, target.subjectId);
  const attempt = found?.attempts.find(({ id }) => id === target.attemptId);
  if (found === null || attempt === undefined) return null;
  const { adapter } = pspOf(context, attempt.psp);
  const view = payoutAttemptView(found.payout, named(attempt, event));
  const result = await context.inTrace(found.payout.traceId, () =>
    guarded(context, attempt, () => adapter.queryPayout(view)),
  );
  const answer = payoutFactOfResult('query', attempt.psp, result);
  if (isNoAnswer(answer)) return null;
  const takesBack = event.outcome === 'failed' || event.outcome === 'returned';
  // A status query may lag behind the event; in the end the two contradict each other, and a person is told.
  const isDenied = answer.outcome === 'paid' && takesBack;
  if (isDenied && !isLast) return null;
  const told = payoutFactOfEvent(attempt.psp, event);
  const facts: PayoutFact[] = isDenied
    ? [answer, { ...told, outcome: 'failed' }]
    : // What the PSP has not decided yet, as far as a question shows, it has told by its event.
      [takesBack && answer.outcome === 'pending' ? told : { ...answer, code: answer.code ?? event.code }];
  return async (unit) => {
    const ids = { payoutId: target.subjectId, attemptId: target.attemptId };
    let { payout } = found;
    let outcome: string = 'nothing_new';
    for (const fact of facts) ({ payout, outcome } = await applyPayoutFact(context, unit, ids, fact));
    return { kind: 'done', outcome, afterCommit: () => announce(context, payout) };
  };
}

function named(attempt: Attempt, event: PspEvent): Attempt {
  return { ...attempt, pspReference: attempt.pspReference ?? event.pspReference };
}

/** The judgement of an absence belongs to the worker, which asks twice. */
function isNoAnswer({ outcome }: DepositFact | PayoutFact): boolean {
  return ['in_doubt', 'not_reached', 'refused', 'not_found', 'absent_proven'].includes(outcome);
}
