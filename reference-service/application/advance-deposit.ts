/**
 * Story: the next step of a deposit that is not finished, when its time has come.
 *
 *   no live attempt      ─► another attempt, or the end
 *   sent, process died   ─► in doubt
 *   in doubt, approved,
 *   unfinished challenge ─► ask the PSP; past its time: cancel at the PSP, then believe it
 *
 * The step is taken by one process (compare and set on its due time) for long enough to make
 * its calls; if that process dies the step comes back.
 */
import { isFinal, liveAttempt, type Attempt, type Payment } from '../domain/deposit.ts';
import { nextDepositStepAt } from '../domain/deposit-schedule.ts';
import type { Unit } from '../ports/unit.ts';
import type { DepositFact } from '../domain/deposit-fact.ts';
import { learnOfAuthorized } from './advance-authorized.ts';
import { announce, applyDepositFact } from './apply-deposit-fact.ts';
import { openCases } from './cases.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { depositFact, depositFactOfResult, paymentAttemptView } from './facts.ts';
import { askAboutAttempt, NOT_FOUND } from './resolve-in-doubt.ts';
import { sendOnceMore } from './send-once-more.ts';
import { continueDeposit, guarded, sendDeposit } from './send-deposit.ts';

/** A step makes at most three PSP calls one after the other. */
const CALLS_PER_STEP = 3;

/** Beyond the calls' own time-outs, before another process may take the step. */
const LEASE_MARGIN_MS = 5_000;

export function stepLeaseMs(context: ServiceContext): number {
  return CALLS_PER_STEP * context.timings.pspTimeoutMs + LEASE_MARGIN_MS;
}

/** @param isProbe asks even when the PSP is known to be silent */
export async function advanceDeposit(
  context: ServiceContext,
  paymentId: string,
  dueAt: number,
  isProbe = false,
): Promise<void> {
  const { database, stores, clock } = context;
  const leaseUntil = clock.now() + stepLeaseMs(context);
  if (!(await stores.deposits.takeStep(database.autocommit, paymentId, dueAt, leaseUntil))) return;
  const found = await stores.deposits.find(database.autocommit, paymentId);
  if (found === null) return;
  await context.inTrace(found.payment.traceId, () => nextStep(context, found, leaseUntil, isProbe));
}

async function nextStep(
  context: ServiceContext,
  { payment, attempts }: { payment: Payment; attempts: readonly Attempt[] },
  leaseUntil: number,
  isProbe: boolean,
): Promise<void> {
  const { database, stores, clock } = context;
  const attempt = liveAttempt(attempts);
  if (attempt === null) return payment.status === 'pending' ? tryAgain(context, payment.id) : undefined;

  await openCaseWhenStuck(context, payment, attempt);
  if (!isProbe && attempt.status !== 'sent' && context.reach.isSilent(attempt.psp)) {
    const nextStepAt = clock.now() + context.timings.inDoubtQueryMaxMs;
    await stores.deposits.takeStep(database.autocommit, payment.id, leaseUntil, nextStepAt);
    return context.wakeAt(nextStepAt);
  }
  const fact = await learnAs(payment.status)(context, payment, attempt);
  await settle(context, payment, attempt, fact ?? depositFact('query', attempt.psp, 'pending'));
}

/** A finished deposit is looked at for the method that its PSP keeps. */
function learnAs(status: Payment['status']): typeof learn {
  if (status === 'pending') return learn;
  return status === 'authorized' ? learnOfAuthorized : askAboutAttempt;
}

async function learn(context: ServiceContext, payment: Payment, attempt: Attempt): Promise<DepositFact | null> {
  if (attempt.status === 'sent' && attempt.pspReference === null)
    return depositFact('answer', attempt.psp, 'in_doubt', { code: 'no answer was recorded' });
  const asked = await askAboutAttempt(context, payment, attempt);
  const fact = asked?.code === NOT_FOUND ? ((await sendOnceMore(context, payment, attempt)) ?? asked) : asked;
  const expired = context.clock.now() >= payment.expiresAt;
  if (!expired || attempt.status === 'approved' || movesSomething(fact)) return fact;
  return (await cancelAtPsp(context, payment, attempt, fact)) ?? fact;
}

function movesSomething(fact: DepositFact | null): boolean {
  return (
    fact !== null &&
    ['succeeded', 'declined', 'canceled', 'refunded', 'absent_proven', 'not_found'].includes(fact.outcome)
  );
}

/** Gives up an abandoned attempt where it lives: only the PSP's word makes it `canceled`. */
async function cancelAtPsp(
  context: ServiceContext,
  payment: Payment,
  attempt: Attempt,
  asked: DepositFact | null,
): Promise<DepositFact | null> {
  const { adapter } = pspOf(context, attempt.psp);
  const known = asked?.pspReference ?? attempt.pspReference;
  if (known === null && !adapter.capabilities.cancelByReference) return null;
  const { timings, clock } = context;
  if (payment.cancelRequestedAt !== null && clock.now() < payment.cancelRequestedAt + timings.inDoubtQueryMaxMs)
    return null;
  const result = await guarded(context, attempt, () =>
    adapter.cancelPayment({ ...paymentAttemptView(payment, attempt), pspReference: known }),
  );
  if (result.kind === 'canceled') return depositFact('query', attempt.psp, 'canceled', { code: 'expired' });
  if (result.kind === 'received') await rememberCancel(context, payment.id);
  if (result.kind === 'in_doubt' || result.kind === 'not_reached' || result.kind === 'refused')
    return depositFactOfResult('query', attempt.psp, result);
  return null;
}

async function rememberCancel(context: ServiceContext, paymentId: string): Promise<void> {
  await context.database.transaction(async (unit) => {
    const found = await context.stores.deposits.lock(unit, paymentId);
    if (found !== null)
      await context.stores.deposits.save(unit, { ...found.payment, cancelRequestedAt: context.clock.now() });
  });
}

async function settle(context: ServiceContext, payment: Payment, attempt: Attempt, fact: DepositFact): Promise<void> {
  const { state, next } = await context.database.transaction(async (unit) => {
    const applied = await applyDepositFact(context, unit, { paymentId: payment.id, attemptId: attempt.id }, fact);
    return continueDeposit(context, unit, applied, true);
  });
  announce(context, state.payment);
  if (next !== null) await sendDeposit(context, state.payment, next, { again: true });
}

async function tryAgain(context: ServiceContext, paymentId: string): Promise<void> {
  const continued = await context.database.transaction(async (unit) => {
    const locked = await context.stores.deposits.lock(unit, paymentId);
    if (locked === null) return null;
    const decided = await continueDeposit(context, unit, locked, true);
    if (decided.next !== null || decided.state.payment.status !== 'pending') return decided;
    return {
      ...decided,
      state: { ...decided.state, payment: await pause(context, unit, decided.state.payment, locked.attempts) },
    };
  });
  if (continued === null) return;
  announce(context, continued.state.payment);
  if (continued.next !== null) await sendDeposit(context, continued.state.payment, continued.next, { again: true });
}

async function pause(
  context: ServiceContext,
  unit: Unit,
  payment: Payment,
  attempts: readonly Attempt[],
): Promise<Payment> {
  const nextStepAt = nextDepositStepAt({ payment, attempts, nowMs: context.clock.now(), timings: context.timings });
  const waiting = { ...payment, nextStepAt };
  await context.stores.deposits.save(unit, waiting);
  return waiting;
}

async function openCaseWhenStuck(context: ServiceContext, payment: Payment, attempt: Attempt): Promise<void> {
  const since =
    payment.status === 'pending'
      ? payment.createdAt
      : (payment.captureAskedAt ?? payment.cancelRequestedAt ?? Infinity);
  if (isFinal(payment.status) || context.clock.now() < since + context.timings.caseAfterInDoubtMs) return;
  const summary = `Attempt ${attempt.id} at ${attempt.psp} is "${attempt.status}" and its outcome could not be proven so far.`;
  await openCases(context, context.database.autocommit, [
    { kind: 'stuck_in_doubt', subjectId: payment.id, psp: attempt.psp, summary },
  ]);
}
