/**
 * Story: what a verified event of a PSP changes. Runs inside the transaction that also marks
 * the event as processed, so an event is either applied and done, or neither.
 */
import type { PspEvent } from '../ports/psp-adapter.ts';
import type { Unit } from '../ports/unit.ts';
import { announce, applyDepositFact, openCases } from './apply-deposit-fact.ts';
import { applyPayoutFact } from './apply-payout-fact.ts';
import type { ServiceContext } from './context.ts';
import { depositFact, depositFactOfEvent, payoutFactOfEvent } from './facts.ts';

export interface AppliedEvent {
  outcome: string;
  /** To be called after the commit. */
  afterCommit: () => void;
}

export async function applyPspEvent(
  context: ServiceContext,
  unit: Unit,
  psp: string,
  event: PspEvent,
): Promise<AppliedEvent> {
  const nothing = (outcome: string): AppliedEvent => ({ outcome, afterCommit: () => undefined });
  if (event.outcome === 'irrelevant') return nothing('irrelevant');

  const target = await context.stores.attempts.locate(unit, psp, {
    reference: event.reference,
    pspReference: event.pspReference,
  });
  if (target === null || (event.subject === 'payout') !== (target.kind === 'payout')) {
    await openCases(context, unit, [
      {
        kind: 'unknown_payment',
        subjectId: event.eventId,
        psp,
        summary: `${psp} reports ${event.type} for ${event.reference ?? event.pspReference ?? 'nothing'}, which we do not know.`,
      },
    ]);
    return nothing('unknown_payment');
  }

  if (target.kind === 'payout') {
    const applied = await applyPayoutFact(
      context,
      unit,
      { payoutId: target.subjectId, attemptId: target.attemptId },
      payoutFactOfEvent(psp, event),
    );
    return { outcome: applied.outcome, afterCommit: () => announce(context, applied.payout) };
  }

  const ids = { paymentId: target.subjectId, attemptId: target.attemptId };
  if (event.subject === 'refund') {
    if (event.outcome === 'succeeded' || event.outcome === 'refunded') {
      const fact = depositFact('webhook', psp, 'refunded', { eventId: event.eventId, money: event.money });
      const applied = await applyDepositFact(context, unit, ids, fact);
      return { outcome: applied.outcome, afterCommit: () => announce(context, applied.payment) };
    }
    if (event.outcome === 'failed') await rejectRefund(context, unit, target.attemptId);
    return nothing('refund_noted');
  }

  const applied = await applyDepositFact(context, unit, ids, depositFactOfEvent(psp, event));
  return { outcome: applied.outcome, afterCommit: () => announce(context, applied.payment) };
}

/** The PSP cannot give the money back; the open case of the late success now waits for a person. */
async function rejectRefund(context: ServiceContext, unit: Unit, attemptId: string): Promise<void> {
  const refund = await context.stores.refunds.findByAttempt(unit, attemptId);
  if (refund === null || refund.status === 'done') return;
  await context.stores.refunds.save(unit, { ...refund, status: 'rejected', nextStepAt: null }, context.clock.now());
}
