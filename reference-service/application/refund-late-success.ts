/**
 * Story: money that came too late goes back to the card it came from. Repeated under the same
 * key until the PSP has done it, or refuses; then the open case waits for a person.
 */
import { backoffMs } from '../domain/timings.ts';
import { announce, applyDepositFact } from './apply-deposit-fact.ts';
import { stepLeaseMs } from './advance-deposit.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { depositFact } from './facts.ts';
import { messageOf } from '../../kernel/index.ts';
import type { RefundPaymentResult } from '../ports/psp-adapter.ts';
import type { Refund } from '../ports/stores.ts';

/** First pause between two tries. */
const RETRY_FIRST_MS = 10_000;

export async function advanceRefund(context: ServiceContext, refundId: string, dueAt: number): Promise<void> {
  const { database, stores, clock, timings } = context;
  if (!(await stores.refunds.takeStep(database.autocommit, refundId, dueAt, clock.now() + stepLeaseMs(context))))
    return;
  const refund = await stores.refunds.find(database.autocommit, refundId);
  if (refund === null || refund.status === 'done' || refund.status === 'rejected') return;
  const result = await callPsp(context, refund);

  if (result.kind === 'refunded') {
    const applied = await database.transaction((unit) =>
      applyDepositFact(
        context,
        unit,
        { paymentId: refund.paymentId, attemptId: refund.attemptId },
        depositFact('query', refund.psp, 'refunded'),
      ),
    );
    announce(context, applied.payment);
    return;
  }
  const rejected = result.kind === 'rejected';
  const nextStepAt = rejected ? null : clock.now() + backoffMs(RETRY_FIRST_MS, refund.tries, timings.inDoubtQueryMaxMs);
  const status = rejected ? 'rejected' : result.kind === 'received' ? 'received' : refund.status;
  await database.transaction(async (unit) => {
    // The webhook may have settled it while we were asking.
    const current = await stores.refunds.find(unit, refund.id);
    if (current === null || current.status === 'done') return;
    await stores.refunds.save(unit, { ...current, status, tries: current.tries + 1, nextStepAt }, clock.now());
  });
  if (rejected)
    context.log({
      level: 'error',
      msg: 'refund rejected',
      refund: refund.id,
      payment: refund.paymentId,
      reason: result.reason,
    });
  context.wakeAt(nextStepAt);
}

async function callPsp(context: ServiceContext, refund: Refund): Promise<RefundPaymentResult> {
  if (refund.pspReference === null) return { kind: 'rejected', reason: 'the PSP never told its id of the payment' };
  const { adapter } = pspOf(context, refund.psp);
  try {
    return await adapter.refundPayment({
      refundId: refund.id,
      attemptId: refund.attemptId,
      pspReference: refund.pspReference,
      idempotencyKey: refund.idempotencyKey,
      amountMinor: refund.amountMinor,
      currency: refund.currency,
    });
  } catch (error) {
    context.log({
      level: 'error',
      msg: 'PSP adapter failed',
      psp: refund.psp,
      refund: refund.id,
      error: messageOf(error),
    });
    return { kind: 'in_doubt', requestMayHaveArrived: true, reason: messageOf(error) };
  }
}
