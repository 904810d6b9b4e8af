/**
 * Story: what a verified event of a PSP changes. Runs inside the transaction that also marks
 * the event as processed, so an event is either applied and done, or neither.
 *
 *   our world? ─► do we know it? ─► under the attempt's own id? ─► fact of the deposit or payout
 *       └─no─► case   └─no─► case        └─not known yet: the PSP is asked first
 */
import { pspIdentity } from '../domain/psp-identity.ts';
import type { PspEvent } from '../ports/psp-adapter.ts';
import type { LocatedAttempt } from '../ports/stores.ts';
import type { Unit } from '../ports/unit.ts';
import { announce, applyDepositFact } from './apply-deposit-fact.ts';
import { applyDisputeEvent } from './apply-dispute-fact.ts';
import { applyPayoutFact } from './apply-payout-fact.ts';
import { applyRefundEvent } from './apply-refund-fact.ts';
import { openCases } from './cases.ts';
import type { EventTarget } from './confirm-event.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { depositFact, depositFactOfEvent, payoutFactOfEvent } from './facts.ts';

export type AppliedEvent =
  /** `afterCommit` is to be called after the commit. */
  | { kind: 'done'; outcome: string; afterCommit: () => void }
  /** Nothing was done: ask the PSP whether this event is about our attempt, then come back. */
  | { kind: 'unconfirmed'; target: EventTarget }
  /** Nothing was done: the PSP's answer about the attempt is what counts. */
  | { kind: 'ask'; target: EventTarget }
  /** Nothing was done: what the event is about must be read at the PSP. */
  | { kind: 'read' };

/** @param confirmed the PSP has said that the event's payment is the located attempt's */
export async function applyPspEvent(
  context: ServiceContext,
  unit: Unit,
  psp: string,
  event: PspEvent,
  confirmed: boolean,
): Promise<AppliedEvent> {
  if (event.outcome === 'irrelevant') return nothing('irrelevant');
  if (event.askFirst === true) return { kind: 'read' };

  const target = await context.stores.attempts.locate(unit, psp, {
    reference: event.reference,
    pspReference: event.pspReference,
  });
  const { environment } = pspOf(context, psp).adapter;
  if (event.environment !== undefined && environment !== null && event.environment !== environment) {
    const said = `${psp} reports ${event.type} from its ${event.environment} environment; our account is of the ${environment} one.`;
    return refuse(context, unit, { psp, event, target }, said);
  }
  if (target === null || (event.subject === 'payout') !== (target.kind === 'payout')) {
    const name = event.reference ?? event.pspReference ?? 'nothing';
    return refuse(
      context,
      unit,
      { psp, event, target: null },
      `${psp} reports ${event.type} for ${name}, which we do not know.`,
    );
  }
  if (event.askPsp === true && target.psp === psp) return { kind: 'ask', target };
  const isUnproven =
    target.psp === psp && !confirmed && pspIdentity(target.pspReference, event.pspReference) === 'unproven';
  // What changes nothing needs no proof, and must not teach us an id either.
  if (isUnproven) return event.outcome === 'pending' ? nothing('unconfirmed') : { kind: 'unconfirmed', target };

  if (target.kind === 'payout') {
    // Paid under our reference, but not the payout that we know: the PSP is asked whether it paid twice.
    const isSecond = event.outcome === 'succeeded' && pspIdentity(target.pspReference, event.pspReference) === 'other';
    const canBeAsked = target.psp === psp && pspOf(context, psp).adapter.capabilities.statusQuery;
    if (isSecond && canBeAsked && !confirmed) return { kind: 'unconfirmed', target };
    const takesBack = event.outcome === 'failed' || event.outcome === 'returned';
    if (takesBack && canBeAsked && (await isNotGivenBack(context, unit, target.subjectId)))
      return { kind: 'ask', target };
    const applied = await applyPayoutFact(
      context,
      unit,
      { payoutId: target.subjectId, attemptId: target.attemptId },
      payoutFactOfEvent(psp, event),
      { otherIsOurs: isSecond && canBeAsked },
    );
    return { kind: 'done', outcome: applied.outcome, afterCommit: () => announce(context, applied.payout) };
  }

  const ids = { paymentId: target.subjectId, attemptId: target.attemptId };
  if (event.cancelOrRefund === true && event.outcome === 'succeeded' && (await isReservedOnly(context, unit, target))) {
    const applied = await applyDepositFact(
      context,
      unit,
      ids,
      depositFactOfEvent(psp, { ...event, outcome: 'canceled' }),
    );
    return { kind: 'done', outcome: applied.outcome, afterCommit: () => announce(context, applied.payment) };
  }
  const moneyBack = target.psp === psp ? await applyMoneyBack(context, unit, psp, event, target) : null;
  // What was taken must be known before what was given back of it.
  if (moneyBack === 'too_early') return { kind: 'unconfirmed', target };
  if (moneyBack !== null)
    return { kind: 'done', outcome: moneyBack, afterCommit: () => context.changed(target.subjectId) };
  if (event.subject === 'refund') {
    const pspReference = await refundedPayment(context, unit, target, event);
    if (event.outcome === 'succeeded' || event.outcome === 'refunded') {
      const money = pspReference === target.pspReference ? event.money : null;
      const fact = depositFact('webhook', psp, 'refunded', { eventId: event.eventId, money, pspReference });
      const applied = await applyDepositFact(context, unit, ids, fact);
      return { kind: 'done', outcome: applied.outcome, afterCommit: () => announce(context, applied.payment) };
    }
    if (event.outcome === 'failed') await rejectRefund(context, unit, target, { psp, pspReference });
    return nothing('refund_noted');
  }

  const applied = await applyDepositFact(context, unit, ids, depositFactOfEvent(psp, event));
  return { kind: 'done', outcome: applied.outcome, afterCommit: () => announce(context, applied.payment) };
}

/** Money that was sent comes back once the PSP was asked: an event alone may contradict another one, told or not. */
async function isNotGivenBack(context: ServiceContext, unit: Unit, payoutId: string): Promise<boolean> {
  const status = (await context.stores.payouts.find(unit, payoutId))?.payout.status;
  return status !== 'failed' && status !== 'returned';
}

/** Nobody has asked to capture it, so there was nothing to be refunded. */
async function isReservedOnly(context: ServiceContext, unit: Unit, { subjectId }: LocatedAttempt): Promise<boolean> {
  const locked = await context.stores.deposits.lock(unit, subjectId);
  if (locked === null) return false;
  const { capture, captureMinor, creditedAttemptId } = locked.payment;
  return capture === 'manual' && captureMinor === null && creditedAttemptId === null;
}

/** Refunds of credited payments, and disputes. Null: something else. */
async function applyMoneyBack(
  context: ServiceContext,
  unit: Unit,
  psp: string,
  event: PspEvent,
  target: LocatedAttempt,
): Promise<Awaited<ReturnType<typeof applyRefundEvent>>> {
  if (event.subject === 'refund') return applyRefundEvent(context, unit, psp, event, target);
  return event.subject === 'dispute' ? applyDisputeEvent(context, unit, psp, event, target) : null;
}

/** The PSP does not know the event's payment as ours: nothing changes, a person is told. */
export function refuteEvent(
  context: ServiceContext,
  unit: Unit,
  psp: string,
  event: PspEvent,
  target: EventTarget,
): Promise<AppliedEvent> {
  const id = event.pspReference ?? 'nothing';
  const summary = `${psp} reports ${event.type} of ${id} for attempt ${target.attemptId}, which could not be confirmed as ours.`;
  return refuse(context, unit, { psp, event, target }, summary);
}

function nothing(outcome: string): AppliedEvent {
  return { kind: 'done', outcome, afterCommit: () => undefined };
}

/** An event that does not match, as one of a wrong amount: a case, and nothing else. */
async function refuse(
  context: ServiceContext,
  unit: Unit,
  { psp, event, target }: { psp: string; event: PspEvent; target: Pick<EventTarget, 'subjectId'> | null },
  summary: string,
): Promise<AppliedEvent> {
  const subjectId = target?.subjectId ?? event.eventId;
  await openCases(context, unit, [{ kind: 'unknown_payment', subjectId, psp, summary }]);
  return nothing('unknown_payment');
}

/** The PSP's id of the payment given back: as the event says, else as planned under the refund's own id, else the attempt's. */
async function refundedPayment(
  context: ServiceContext,
  unit: Unit,
  target: LocatedAttempt,
  event: PspEvent,
): Promise<string | null> {
  if (event.pspReference !== null) return event.pspReference;
  const planned = event.reference === null ? null : await context.stores.refunds.find(unit, event.reference);
  return planned?.pspReference ?? target.pspReference;
}

/** The PSP cannot give the money back, or it came back: the case of the late success, or a new one, waits for a person. */
async function rejectRefund(
  context: ServiceContext,
  unit: Unit,
  { attemptId, subjectId }: LocatedAttempt,
  { psp, pspReference }: { psp: string; pspReference: string | null },
): Promise<void> {
  const { refunds } = context.stores;
  const refund = await refunds.findOf(unit, attemptId, pspReference);
  if (refund === null || refund.status === 'rejected' || refund.status === 'returned') return;
  const status = refund.status === 'done' ? 'returned' : 'rejected';
  await refunds.save(unit, { ...refund, status, updatedAt: context.clock.now(), nextStepAt: null });
  if (status === 'rejected') return;
  const summary = `The refund ${refund.id} of a payment that no wallet was credited for came back to ${psp}; its money is still the player's.`;
  await openCases(context, unit, [{ kind: 'refund_failed', subjectId, psp, summary }]);
}
