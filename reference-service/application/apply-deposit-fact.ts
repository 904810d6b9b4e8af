/**
 * Applies one fact to one deposit, inside the caller's transaction: the only way by which an
 * attempt changes, a wallet is credited, or a refund is wanted.
 *
 *   lock payment ─► does it match? ─no─► case, nothing else
 *                        └─yes─► about the attempt's own payment at the PSP? ─no─► surplus-payment
 *                                     └─yes─► machine decides ─► attempt, payment, ledger, refund, cases
 */
import { isFinal, isLive, type Attempt, type Payment } from '../domain/deposit.ts';
import { isProof, type DepositFact } from '../domain/deposit-fact.ts';
import type { DepositDecision } from '../domain/deposit-machine.ts';
import { nextDepositStepAt } from '../domain/deposit-schedule.ts';
import { expectedMinor } from '../domain/two-step.ts';
import { pspIdentity } from '../domain/psp-identity.ts';
import type { Unit } from '../ports/unit.ts';
import { applyTotalRefund } from './apply-refund-fact.ts';
import { closeCase, openCases } from './cases.ts';
import type { ServiceContext } from './context.ts';
import { observeAttempt } from './route-observe.ts';
import { keepMethod } from './kept-methods.ts';
import { releaseWhenTooLate } from './release-authorization.ts';
import { saveDeposit } from './save-deposit.ts';
import { applySurplusFact, finishRefund, wantRefund } from './surplus-payment.ts';

export interface DepositState {
  payment: Payment;
  attempts: Attempt[];
}

export interface AppliedFact extends DepositState {
  /** What became of the fact, for the inbox and the log. */
  outcome: 'applied' | 'nothing_new' | 'mismatch';
}

export async function applyDepositFact(
  context: ServiceContext,
  unit: Unit,
  target: { paymentId: string; attemptId: string },
  stated: DepositFact,
  more: { returnQuery?: Attempt['returnQuery'] } = {},
): Promise<AppliedFact> {
  const { clock, stores, parts, timings } = context;
  const nowMs = clock.now();
  const found = await stores.deposits.lock(unit, target.paymentId);
  const attempt = found?.attempts.find(({ id }) => id === target.attemptId);
  if (found === null || attempt === undefined)
    throw new Error(`Bug: attempt ${target.attemptId} of ${target.paymentId} does not exist`);
  const { payment } = found;
  const fact = factFor(payment, stated);

  const match = parts.eventMatcher(
    { attemptId: attempt.id, psp: attempt.psp, amountMinor: expectedMinor(payment, fact), currency: payment.currency },
    fact,
  );
  const { pspReference } = fact;
  const isOther = pspReference !== null && pspIdentity(attempt.pspReference, pspReference) === 'other';
  if (match.kind !== 'match' || isOther) {
    if (match.kind !== 'match') {
      await openCases(context, unit, [
        { kind: match.kind, subjectId: payment.id, psp: fact.psp, summary: match.summary },
      ]);
    } else if (isOther) {
      await applySurplusFact(context, unit, { payment, attempt, psp: fact.psp, pspReference }, fact);
    }
    await applyOthers(context, unit, { payment, attempt }, fact);
    const waiting = withNextStep({ ...found, outcome: 'mismatch' as const }, attempt, {
      nowMs,
      timings,
      counts: isQuestion(fact),
    });
    await stores.attempts.save(unit, waiting.attempts.find(({ id }) => id === attempt.id) ?? attempt);
    await stores.deposits.save(unit, waiting.payment);
    return waiting;
  }

  if (fact.outcome === 'refunded' && isProof(fact) && payment.creditedAttemptId === attempt.id) {
    const outcome = await applyTotalRefund(context, unit, found, fact.psp);
    const after = await stores.deposits.find(unit, payment.id);
    return { ...(after ?? found), outcome };
  }

  const decision = parts.depositMachine({ payment, attempt, attempts: found.attempts }, fact);
  const nextAttempt = attemptAfter(attempt, fact, decision, nowMs);
  if (more.returnQuery !== undefined) nextAttempt.returnQuery = more.returnQuery;
  const nextPayment = paymentAfter(payment, nextAttempt, fact, decision, nowMs);

  if (isLive(nextAttempt)) nextPayment.storedMethodId ??= await keepMethod(context, unit, nextPayment, fact);
  if (decision.credit) await credit(context, unit, nextPayment, nextAttempt);
  const planned = { payment: nextPayment, attempt: nextAttempt, psp: nextAttempt.psp };
  if (decision.refund)
    await wantRefund(context, unit, { ...planned, pspReference: nextAttempt.pspReference, status: 'wanted' });
  if (decision.refundDone)
    await finishRefund(context, unit, payment.id, {
      attemptId: attempt.id,
      pspReference: nextAttempt.pspReference,
    });
  await applyOthers(context, unit, planned, fact);
  unit.afterCommit(() => releaseWhenTooLate(context, payment, attempt, fact));
  await openCases(context, unit, decision.cases);
  if (
    isFinal(nextPayment.status) &&
    !isFinal(payment.status) &&
    nowMs - payment.createdAt >= timings.caseAfterInDoubtMs
  ) {
    await closeCase(context, unit, 'stuck_in_doubt', payment.id, 'the outcome is known');
  }

  const attempts = found.attempts.map((one) => (one.id === nextAttempt.id ? nextAttempt : one));
  nextPayment.nextStepAt = nextDepositStepAt({ payment: nextPayment, attempts, nowMs, timings });
  await stores.attempts.save(unit, nextAttempt);
  if (hasLearnedId(attempt, nextAttempt)) {
    await stores.recovery.pullEvents(unit, attempt.psp, { reference: attempt.id, nowMs });
    unit.afterCommit(() => context.wakeAt(nowMs));
  }
  await saveDeposit(context, unit, payment, nextPayment, attempts);
  unit.afterCommit(() => observeAttempt(context.router, nextPayment, attempt, nextAttempt));
  const changed =
    decision.attemptStatus !== null ||
    decision.paymentStatus !== null ||
    decision.refund ||
    decision.refundDone ||
    decision.cases.length > 0;
  return { payment: nextPayment, attempts, outcome: changed ? 'applied' : 'nothing_new' };
}

/** Of an attempt in doubt; one that was just sent has nobody who waits for it. */
function hasLearnedId(before: Attempt, after: Attempt): boolean {
  return before.status === 'in_doubt' && before.pspReference === null && after.pspReference !== null;
}

/** What a fact says about this payment, where it depends on how the payment is captured. */
function factFor(payment: Payment, fact: DepositFact): DepositFact {
  const onlyAuthorized = fact.onlyIfAutomatic === true && payment.capture === 'manual';
  return onlyAuthorized && fact.outcome === 'succeeded' ? { ...fact, outcome: 'authorized' } : fact;
}

/** After the commit: wakes long polls and tells the worker when to look again. */
export function announce(context: ServiceContext, payment: { id: string; nextStepAt: number | null }): void {
  context.changed(payment.id);
  context.wakeAt(payment.nextStepAt);
}

async function applyOthers(
  context: ServiceContext,
  unit: Unit,
  subject: { payment: Payment; attempt: Attempt },
  fact: DepositFact,
): Promise<void> {
  for (const pspReference of fact.others ?? []) {
    if (pspReference !== subject.attempt.pspReference)
      await applySurplusFact(context, unit, { ...subject, psp: fact.psp, pspReference }, fact);
  }
}

function isQuestion(fact: DepositFact): boolean {
  return fact.source === 'query' || fact.source === 'replay';
}

/**
 * The PSP was asked and said something, be it that nothing is new, or that it will never take
 * this: no proof, but not silence either. One that lets nobody in has not said anything yet.
 */
export function isAnswered({
  source,
  outcome,
  code,
}: Pick<DepositFact, 'source' | 'code'> & { outcome: string }): boolean {
  if (source !== 'query' && source !== 'replay') return false;
  if (outcome === 'refused') return code === 'invalid_request' || code === 'unsupported';
  return outcome !== 'in_doubt' && outcome !== 'not_reached';
}

function attemptAfter(attempt: Attempt, fact: DepositFact, decision: DepositDecision, nowMs: number): Attempt {
  const status = decision.attemptStatus ?? attempt.status;
  const changed = status !== attempt.status;
  const failed =
    status === 'declined' || status === 'not_reached' || status === 'canceled' || status === 'absent_proven';
  return {
    ...attempt,
    status,
    // An id once learned stays.
    pspReference: attempt.pspReference ?? fact.pspReference,
    declineCode: changed && failed ? fact.code : attempt.declineCode,
    declineClass: changed && status === 'declined' ? (fact.declineClass ?? 'issuer') : attempt.declineClass,
    statusSince: changed ? nowMs : attempt.statusSince,
    absentSeenAt: fact.outcome === 'not_found' ? (attempt.absentSeenAt ?? nowMs) : attempt.absentSeenAt,
    checks: changed ? 0 : attempt.checks + (isQuestion(fact) ? 1 : 0),
    answeredAt: isAnswered(fact) ? nowMs : attempt.answeredAt,
    updatedAt: changed ? nowMs : attempt.updatedAt,
  };
}

function paymentAfter(
  payment: Payment,
  attempt: Attempt,
  fact: DepositFact,
  decision: DepositDecision,
  nowMs: number,
): Payment {
  const status = decision.paymentStatus ?? payment.status;
  const redirectUrl = status === 'pending' && isLive(attempt) ? (fact.redirectUrl ?? payment.redirectUrl) : null;
  const credited = decision.credit
    ? { creditedAttemptId: attempt.id, creditedAt: nowMs, creditedMinor: expectedMinor(payment, fact) }
    : {};
  const authorized = decision.paymentStatus === 'authorized' ? { authorizedAt: nowMs } : {};
  const changed = status !== payment.status || redirectUrl !== payment.redirectUrl;
  return {
    ...payment,
    status,
    redirectUrl,
    ...credited,
    ...authorized,
    updatedAt: changed ? nowMs : payment.updatedAt,
  };
}

function withNextStep(
  state: AppliedFact,
  attempt: Attempt,
  options: { nowMs: number; timings: ServiceContext['timings']; counts: boolean },
): AppliedFact {
  const attempts = state.attempts.map((one) =>
    one.id === attempt.id && options.counts ? { ...one, checks: one.checks + 1, answeredAt: options.nowMs } : one,
  );
  const nextStepAt = nextDepositStepAt({
    payment: state.payment,
    attempts,
    nowMs: options.nowMs,
    timings: options.timings,
  });
  return { ...state, attempts, payment: { ...state.payment, nextStepAt } };
}

async function credit(context: ServiceContext, unit: Unit, payment: Payment, attempt: Attempt): Promise<void> {
  const [outcome] = await context.parts.ledger.post(unit, [
    {
      kind: 'deposit_credit',
      paymentId: payment.id,
      playerId: payment.playerId,
      amountMinor: payment.creditedMinor ?? payment.amountMinor,
      currency: payment.currency,
      psp: attempt.psp,
      txnId: null,
      idempotencyKey: null,
    },
  ]);
  if (outcome?.kind !== 'posted' && outcome?.kind !== 'already')
    throw new Error(`Bug: the credit of ${payment.id} was refused: ${outcome?.kind}`);
}
