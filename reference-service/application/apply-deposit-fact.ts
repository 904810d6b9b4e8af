/**
 * Applies one fact to one deposit, inside the caller's transaction: the only way by which an
 * attempt changes, a wallet is credited, or a refund is wanted.
 *
 *   lock payment ─► does it match? ─no─► case, nothing else
 *                        └─yes─► machine decides ─► attempt, payment, ledger, refund, cases
 */
import { isFinal, isLive, type Attempt, type Payment } from '../domain/deposit.ts';
import type { DepositFact } from '../domain/deposit-fact.ts';
import type { DepositDecision } from '../domain/deposit-machine.ts';
import { nextDepositStepAt } from '../domain/deposit-schedule.ts';
import type { NewCase } from '../domain/case.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';

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
  fact: DepositFact,
  more: { returnQuery?: Record<string, string> } = {},
): Promise<AppliedFact> {
  const { clock, stores, parts, timings } = context;
  const nowMs = clock.now();
  const found = await stores.deposits.lock(unit, target.paymentId);
  const attempt = found?.attempts.find(({ id }) => id === target.attemptId);
  if (found === null || attempt === undefined)
    throw new Error(`Bug: attempt ${target.attemptId} of ${target.paymentId} does not exist`);
  const { payment } = found;

  const match = parts.eventMatcher(
    { attemptId: attempt.id, psp: attempt.psp, amountMinor: payment.amountMinor, currency: payment.currency },
    fact,
  );
  if (match.kind !== 'match') {
    await openCases(context, unit, [
      { kind: match.kind, subjectId: payment.id, psp: fact.psp, summary: match.summary },
    ]);
    const waiting = withNextStep({ ...found, outcome: 'mismatch' as const }, attempt, {
      nowMs,
      timings,
      counts: isQuestion(fact),
    });
    await stores.attempts.save(unit, waiting.attempts.find(({ id }) => id === attempt.id) ?? attempt);
    await stores.deposits.save(unit, waiting.payment);
    return waiting;
  }

  const decision = parts.depositMachine({ payment, attempt, attempts: found.attempts }, fact);
  const nextAttempt = attemptAfter(attempt, fact, decision, nowMs);
  if (more.returnQuery !== undefined && fact.outcome !== 'refused') nextAttempt.returnQuery = more.returnQuery;
  const nextPayment = paymentAfter(payment, nextAttempt, fact, decision, nowMs);

  if (decision.credit) await credit(context, unit, nextPayment, nextAttempt);
  if (decision.refund) await wantRefund(context, unit, nextPayment, nextAttempt);
  if (decision.refundDone) await finishRefund(context, unit, nextPayment, nextAttempt);
  await openCases(context, unit, decision.cases);
  if (
    isFinal(nextPayment.status) &&
    !isFinal(payment.status) &&
    nowMs - payment.createdAt >= timings.caseAfterInDoubtMs
  ) {
    await stores.cases.resolve(unit, 'stuck_in_doubt', payment.id);
  }

  const attempts = found.attempts.map((one) => (one.id === nextAttempt.id ? nextAttempt : one));
  nextPayment.nextStepAt = nextDepositStepAt({ payment: nextPayment, attempts, nowMs, timings });
  await stores.attempts.save(unit, nextAttempt);
  await stores.deposits.save(unit, nextPayment);
  const changed =
    decision.attemptStatus !== null ||
    decision.paymentStatus !== null ||
    decision.refund ||
    decision.refundDone ||
    decision.cases.length > 0;
  return { payment: nextPayment, attempts, outcome: changed ? 'applied' : 'nothing_new' };
}

/** After the commit: wakes long polls and tells the worker when to look again. */
export function announce(context: ServiceContext, payment: { id: string; nextStepAt: number | null }): void {
  context.changed(payment.id);
  context.wakeAt(payment.nextStepAt);
}

export async function openCases(context: ServiceContext, unit: Unit, cases: readonly NewCase[]): Promise<void> {
  for (const entry of cases) {
    const opened = await context.stores.cases.open(unit, entry, {
      id: context.ids.next('case'),
      nowMs: context.clock.now(),
    });
    if (opened)
      context.log({
        level: 'warn',
        msg: 'case opened',
        kind: entry.kind,
        subject: entry.subjectId,
        psp: entry.psp,
        summary: entry.summary,
      });
  }
}

function isQuestion(fact: DepositFact): boolean {
  return fact.source === 'query' || fact.source === 'replay';
}

function attemptAfter(attempt: Attempt, fact: DepositFact, decision: DepositDecision, nowMs: number): Attempt {
  const status = decision.attemptStatus ?? attempt.status;
  const changed = status !== attempt.status;
  const failed =
    status === 'declined' || status === 'not_reached' || status === 'canceled' || status === 'absent_proven';
  return {
    ...attempt,
    status,
    pspReference: fact.pspReference ?? attempt.pspReference,
    declineCode: changed && failed ? fact.code : attempt.declineCode,
    declineClass: changed && status === 'declined' ? (fact.declineClass ?? 'issuer') : attempt.declineClass,
    statusSince: changed ? nowMs : attempt.statusSince,
    absentSeenAt: fact.outcome === 'not_found' ? (attempt.absentSeenAt ?? nowMs) : attempt.absentSeenAt,
    checks: changed ? 0 : attempt.checks + (isQuestion(fact) ? 1 : 0),
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
  const credited = decision.credit ? { creditedAttemptId: attempt.id, creditedAt: nowMs } : {};
  const changed = status !== payment.status || redirectUrl !== payment.redirectUrl;
  return { ...payment, status, redirectUrl, ...credited, updatedAt: changed ? nowMs : payment.updatedAt };
}

function withNextStep(
  state: AppliedFact,
  attempt: Attempt,
  options: { nowMs: number; timings: ServiceContext['timings']; counts: boolean },
): AppliedFact {
  const attempts = state.attempts.map((one) =>
    one.id === attempt.id && options.counts ? { ...one, checks: one.checks + 1 } : one,
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
      amountMinor: payment.amountMinor,
      currency: payment.currency,
      psp: attempt.psp,
      txnId: null,
      idempotencyKey: null,
    },
  ]);
  if (outcome?.kind !== 'posted' && outcome?.kind !== 'already')
    throw new Error(`Bug: the credit of ${payment.id} was refused: ${outcome?.kind}`);
}

async function wantRefund(context: ServiceContext, unit: Unit, payment: Payment, attempt: Attempt): Promise<void> {
  const nowMs = context.clock.now();
  const id = context.ids.next('ref');
  await context.stores.refunds.insert(
    unit,
    {
      id,
      attemptId: attempt.id,
      paymentId: payment.id,
      psp: attempt.psp,
      pspReference: attempt.pspReference,
      amountMinor: payment.amountMinor,
      currency: payment.currency,
      idempotencyKey: `key-${id}`,
      status: 'wanted',
      tries: 0,
      nextStepAt: nowMs,
    },
    nowMs,
  );
  context.wakeAt(nowMs);
}

async function finishRefund(context: ServiceContext, unit: Unit, payment: Payment, attempt: Attempt): Promise<void> {
  const refund = await context.stores.refunds.findByAttempt(unit, attempt.id);
  if (refund === null || refund.status === 'done') return;
  await context.stores.refunds.save(unit, { ...refund, status: 'done', nextStepAt: null }, context.clock.now());
  await context.stores.cases.resolve(unit, 'late_success', payment.id);
}
