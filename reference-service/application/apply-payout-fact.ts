/**
 * Applies one fact to one payout, inside the caller's transaction: the only way by which a
 * reservation is posted, voided or returned.
 */
import type { NewCase } from '../domain/case.ts';
import { LIVE_STATUSES, type Attempt } from '../domain/deposit.ts';
import { deferred, isPayoutFinal, livePayoutAttempt, type Payout, type PayoutStatus } from '../domain/payout.ts';
import { payoutFailureReason } from '../domain/payout-failure.ts';
import { pspIdentity } from '../domain/psp-identity.ts';
import type { PayoutDecision, PayoutFact } from '../domain/payout-policy.ts';
import { backoffMs, type ServiceTimings } from '../domain/timings.ts';
import type { TransferKind } from '../ports/ledger.ts';
import type { OutgoingType } from '../ports/outbox.ts';
import type { Unit } from '../ports/unit.ts';
import { closeCase, openCases } from './cases.ts';
import { isAnswered } from './apply-deposit-fact.ts';
import type { ServiceContext } from './context.ts';
import { payoutView } from './payout-view.ts';
import { tellPlatform } from './tell-platform.ts';

export interface PayoutState {
  payout: Payout;
  attempts: Attempt[];
}

export interface AppliedPayoutFact extends PayoutState {
  outcome: 'applied' | 'nothing_new' | 'mismatch';
}

export async function applyPayoutFact(
  context: ServiceContext,
  unit: Unit,
  target: { payoutId: string; attemptId: string },
  fact: PayoutFact,
  more: { otherIsOurs?: boolean } = {},
): Promise<AppliedPayoutFact> {
  const { stores, parts, clock } = context;
  const nowMs = clock.now();
  const found = await stores.payouts.lock(unit, target.payoutId);
  const attempt = found?.attempts.find(({ id }) => id === target.attemptId);
  if (found === null || attempt === undefined)
    throw new Error(`Bug: attempt ${target.attemptId} of ${target.payoutId} does not exist`);
  const { payout } = found;

  const outcome = fact.outcome === 'paid' ? 'succeeded' : 'pending';
  const match = parts.eventMatcher(
    { attemptId: attempt.id, psp: attempt.psp, amountMinor: payout.amountMinor, currency: payout.currency },
    { source: fact.source, outcome, psp: fact.psp, money: fact.money },
  );
  if (match.kind !== 'match') {
    await openCases(context, unit, [{ kind: match.kind, subjectId: payout.id, psp: fact.psp, summary: match.summary }]);
  }
  const isOther = pspIdentity(attempt.pspReference, fact.pspReference) === 'other';
  if (match.kind === 'match' && isOther)
    await applyOtherPayout(context, unit, { payout, attempt }, fact, more.otherIsOurs === true);
  const fits = match.kind === 'match' && !isOther;
  const decided = fits ? parts.payoutPolicy({ payout, attempt, attempts: found.attempts }, fact) : NOTHING;
  const decision = (await isContradicted(context, unit, payout, fact, decided))
    ? { ...NOTHING, cases: [contradiction(payout, attempt, fact)] }
    : decided;

  await moveReservation(context, unit, payout, attempt, decision.ledger);
  await openCases(context, unit, decision.cases);
  const nextAttempt = attemptAfter(attempt, fact, decision, nowMs);
  const status = decision.payoutStatus ?? payout.status;
  const attempts = found.attempts.map((one) => (one.id === attempt.id ? nextAttempt : one));
  const moved: Payout = { ...payout, status, updatedAt: status === payout.status ? payout.updatedAt : nowMs };
  const nextPayout = status === 'deferred' ? deferred(moved, nowMs) : moved;
  if (status !== payout.status && (status === 'failed' || status === 'returned'))
    nextPayout.failureReason = payoutFailureReason(status, fact.code);
  nextPayout.nextStepAt = nextPayoutStepAt(nextPayout, attempts, nowMs, context.timings);
  if (nextPayout.nextStepAt === null && nowMs - payout.createdAt >= context.timings.caseAfterInDoubtMs) {
    await closeCase(context, unit, 'stuck_in_doubt', payout.id, 'the outcome is known');
  }
  await stores.attempts.save(unit, nextAttempt);
  await stores.payouts.save(unit, nextPayout);
  const waitsAgain = status === 'deferred' && payout.deferredAt !== null;
  const type = status === payout.status || waitsAgain ? null : TOLD[status];
  if (type !== null) {
    const data = payoutView(nextPayout, attempts);
    await tellPlatform(context, unit, { type, subjectId: payout.id, playerId: payout.playerId, data });
  }
  const changed = decision.attemptStatus !== null || decision.payoutStatus !== null || decision.ledger !== 'none';
  return {
    payout: nextPayout,
    attempts,
    outcome: !fits ? 'mismatch' : changed ? 'applied' : 'nothing_new',
  };
}

const TOLD: Readonly<Record<PayoutStatus, OutgoingType | null>> = {
  pending: null,
  deferred: 'payout.deferred',
  succeeded: 'payout.succeeded',
  failed: 'payout.failed',
  returned: 'payout.returned',
};

const NOTHING: PayoutDecision = { attemptStatus: null, payoutStatus: null, ledger: 'none', cases: [] };

/**
 * An event that would release the money, after one of the same payout that did not fit: perhaps
 * the PSP had said "paid" in the wrong words. Events are then no ground to pay the player back;
 * the PSP's own answer to a question still is.
 */
async function isContradicted(
  context: ServiceContext,
  unit: Unit,
  payout: Payout,
  fact: PayoutFact,
  decision: PayoutDecision,
): Promise<boolean> {
  if (decision.ledger !== 'void' || fact.source !== 'webhook') return false;
  return context.stores.cases.isOpen(unit, ['amount_mismatch', 'currency_mismatch'], payout.id);
}

function contradiction(payout: Payout, attempt: Attempt, fact: PayoutFact): NewCase {
  return {
    kind: 'contradictory_final',
    subjectId: payout.id,
    psp: fact.psp,
    summary: `${fact.psp} reports "${fact.outcome}" for payout attempt ${attempt.id} after an event of it that did not fit; the money stays reserved.`,
  };
}

/**
 * Another payout under our reference. When the PSP confirms that it is ours, it has paid twice:
 * what left the second time is booked in suspense, and a person asks for it back. Else it is
 * somebody else's, as far as anybody knows. The payout and the wallet never change here.
 */
async function applyOtherPayout(
  context: ServiceContext,
  unit: Unit,
  { payout, attempt }: { payout: Payout; attempt: Attempt },
  fact: PayoutFact,
  isOurs: boolean,
): Promise<void> {
  const isPaid = fact.outcome === 'paid';
  const isBooked = isPaid && isOurs && fact.pspReference !== null;
  if (isBooked) {
    const [outcome] = await context.parts.ledger.post(unit, [
      {
        kind: 'payout_surplus',
        paymentId: payout.id,
        part: fact.pspReference ?? '',
        playerId: null,
        amountMinor: payout.amountMinor,
        currency: payout.currency,
        psp: fact.psp,
        txnId: null,
        idempotencyKey: null,
      },
    ]);
    if (outcome?.kind !== 'posted' && outcome?.kind !== 'already')
      throw new Error(`Bug: the second payment of payout ${payout.id} was refused: ${outcome?.kind}`);
  }
  const what = `${fact.psp} reports "${fact.outcome}" of ${fact.pspReference ?? 'a payout'} for attempt ${attempt.id}, whose payout there is ${attempt.pspReference ?? 'not known'}`;
  const then = isBooked ? 'it has paid twice, and the second payment is in suspense' : 'nothing was done';
  await openCases(context, unit, [
    {
      kind: isPaid ? 'late_success' : 'unknown_payment',
      subjectId: payout.id,
      psp: fact.psp,
      summary: `${what}; ${then}.`,
    },
  ]);
}

/** When the worker looks at a payout again; null when it is finished. Epoch ms. */
export function nextPayoutStepAt(
  payout: Payout,
  attempts: readonly Attempt[],
  nowMs: number,
  timings: ServiceTimings,
): number | null {
  if (isPayoutFinal(payout.status)) return null;
  const live = livePayoutAttempt(attempts);
  if (live === null) {
    return Math.min(
      nowMs + backoffMs(timings.payoutRetryEveryMs, Math.max(0, attempts.length - 1), timings.inDoubtQueryMaxMs),
      Math.max(payout.expiresAt, nowMs),
    );
  }
  if (live.status === 'sent') return Math.max(nowMs, live.sentAt + timings.pspTimeoutMs + timings.inDoubtQueryEveryMs);
  if (nowMs >= live.sentAt + timings.caseAfterInDoubtMs + timings.inDoubtQueryMaxMs)
    return nowMs + timings.stuckQueryEveryMs;
  const firstMs = live.status === 'in_doubt' ? timings.inDoubtQueryEveryMs : timings.payoutQueryAfterMs;
  return nowMs + backoffMs(firstMs, live.checks, timings.inDoubtQueryMaxMs);
}

const TRANSFER_OF: Record<Exclude<PayoutDecision['ledger'], 'none'>, TransferKind> = {
  post: 'payout_post',
  void: 'payout_void',
  return: 'payout_return',
};

async function moveReservation(
  context: ServiceContext,
  unit: Unit,
  payout: Payout,
  attempt: Attempt,
  move: PayoutDecision['ledger'],
): Promise<void> {
  if (move === 'none') return;
  const [outcome] = await context.parts.ledger.post(unit, [
    {
      kind: TRANSFER_OF[move],
      paymentId: payout.id,
      playerId: payout.playerId,
      amountMinor: payout.amountMinor,
      currency: payout.currency,
      psp: attempt.psp,
      txnId: null,
      idempotencyKey: null,
    },
  ]);
  if (outcome?.kind !== 'posted' && outcome?.kind !== 'already')
    throw new Error(`Bug: ${move} of payout ${payout.id} was refused: ${outcome?.kind}`);
}

function attemptAfter(attempt: Attempt, fact: PayoutFact, decision: PayoutDecision, nowMs: number): Attempt {
  const status = decision.attemptStatus ?? attempt.status;
  const changed = status !== attempt.status;
  const asked = fact.source === 'query' || fact.source === 'replay';
  return {
    ...attempt,
    status,
    // An id once learned stays.
    pspReference: attempt.pspReference ?? fact.pspReference,
    declineCode: changed && !LIVE_STATUSES.includes(status) ? fact.code : attempt.declineCode,
    statusSince: changed ? nowMs : attempt.statusSince,
    absentSeenAt: fact.outcome === 'not_found' ? (attempt.absentSeenAt ?? nowMs) : attempt.absentSeenAt,
    checks: changed ? 0 : attempt.checks + (asked ? 1 : 0),
    answeredAt: isAnswered(fact) ? nowMs : attempt.answeredAt,
    updatedAt: changed ? nowMs : attempt.updatedAt,
  };
}
