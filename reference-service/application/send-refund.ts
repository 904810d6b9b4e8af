/**
 * Story: a refund that the platform asked for is sent, and repeated under its key until the PSP
 * says what became of it. The money stays reserved meanwhile.
 *
 *   done ─► posted      rejected, or never executed ─► back to the wallet      all else ─► again
 *
 * Repeating after the PSP has forgotten the key would give the money back twice. From then on
 * only the PSP's own word counts, and a person is told.
 */
import type { Refund } from '../domain/refund.ts';
import type { RefundPaymentResult } from '../ports/psp-adapter.ts';
import type { Unit } from '../ports/unit.ts';
import { announce } from './apply-deposit-fact.ts';
import { applyRefundWord } from './apply-refund-word.ts';
import { callRefund, refundPauseMs } from './call-refund.ts';
import { openCases } from './cases.ts';
import { pspOf, type ServiceContext } from './context.ts';

export async function sendRefund(context: ServiceContext, refund: Refund): Promise<void> {
  const { database, stores, clock, timings } = context;
  const nowMs = clock.now();
  if (refund.sentAt === null && nowMs >= refund.createdAt + timings.payoutExpiresAfterMs)
    return learn(context, refund, { says: 'failed', failureReason: 'The PSP could not be reached for too long.' });
  const { keyLifeMs } = pspOf(context, refund.psp).adapter.capabilities;
  if (refund.sentAt !== null && nowMs + 2 * timings.pspTimeoutMs >= refund.sentAt + keyLifeMs)
    return park(context, refund);

  const isFirst = refund.sentAt === null;
  // Before the call: a process that dies in it has sent it, as far as anybody can know.
  const sent: Refund = { ...refund, sentAt: refund.sentAt ?? nowMs };
  if (isFirst) await stores.refunds.save(database.autocommit, sent);
  const result = await callRefund(context, sent);
  if (result.kind === 'refunded')
    return learn(context, sent, { says: 'done', failureReason: null }, result.refundReference);
  if (result.kind === 'rejected') return learn(context, sent, { says: 'failed', failureReason: result.reason });
  const isFinalNo = result.kind === 'refused' && (result.code === 'invalid_request' || result.code === 'unsupported');
  if (isFirst && isFinalNo) return learn(context, sent, { says: 'failed', failureReason: result.reason });
  const neverArrived = isFirst && (result.kind === 'not_reached' || result.kind === 'refused');
  await tryLater(context, sent, result, neverArrived);
}

/** What the PSP answered is applied, unless its webhook was faster. */
async function learn(
  context: ServiceContext,
  refund: Refund,
  word: { says: 'done' | 'failed'; failureReason: string | null },
  partReference: string | null = null,
): Promise<void> {
  const { database, stores } = context;
  const changed = await database.transaction(async (unit) => {
    const locked = await stores.deposits.lock(unit, refund.paymentId);
    const current = await stores.refunds.find(unit, refund.id);
    if (locked === null || current === null) throw new Error(`Bug: refund ${refund.id} has no payment`);
    const learned = await withPart(context, unit, { ...current, sentAt: refund.sentAt }, partReference);
    await applyRefundWord(context, unit, locked, learned, { ...word, occurredAt: null });
    return locked.payment;
  });
  announce(context, changed);
}

/** The PSP's id of the refund, unless an event has given it to another one of the same amount. */
async function withPart(
  { stores }: ServiceContext,
  unit: Unit,
  refund: Refund,
  partReference: string | null,
): Promise<Refund> {
  if (partReference === null || refund.partReference !== null) return refund;
  const other = await stores.refunds.findByPart(unit, refund.psp, partReference);
  return other === null ? { ...refund, partReference } : refund;
}

async function tryLater(
  context: ServiceContext,
  refund: Refund,
  result: RefundPaymentResult,
  neverArrived: boolean,
): Promise<void> {
  const { database, stores, clock } = context;
  const received = result.kind === 'received';
  const nextStepAt = clock.now() + refundPauseMs(context, refund.tries, received || refund.status === 'received');
  await database.transaction(async (unit) => {
    await stores.deposits.lock(unit, refund.paymentId);
    const current = await stores.refunds.find(unit, refund.id);
    if (current === null || (current.status !== 'wanted' && current.status !== 'received')) return;
    const learned = await withPart(context, unit, current, received ? result.refundReference : null);
    await stores.refunds.save(unit, {
      ...learned,
      status: received ? 'received' : current.status,
      sentAt: neverArrived ? null : refund.sentAt,
      tries: current.tries + 1,
      updatedAt: clock.now(),
      nextStepAt,
    });
  });
  context.wakeAt(nextStepAt);
}

/** The key is no longer safe: nothing is sent any more, the webhook or a person has the last word. */
async function park(context: ServiceContext, refund: Refund): Promise<void> {
  const { database, stores } = context;
  await database.transaction(async (unit) => {
    await stores.deposits.lock(unit, refund.paymentId);
    const current = await stores.refunds.find(unit, refund.id);
    if (current === null || (current.status !== 'wanted' && current.status !== 'received')) return;
    await stores.refunds.save(unit, { ...current, nextStepAt: null });
    const summary = `Refund ${refund.id} of payment ${refund.paymentId} at ${refund.psp} has no proven outcome, and ${refund.psp} would no longer know its key; the money stays reserved.`;
    await openCases(context, unit, [{ kind: 'stuck_in_doubt', subjectId: refund.id, psp: refund.psp, summary }]);
  });
}
