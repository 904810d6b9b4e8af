/**
 * One call of a PSP that gives money back. An adapter that throws has left the outcome open.
 */
import { messageOf } from '../../kernel/index.ts';
import type { Refund } from '../domain/refund.ts';
import { backoffMs } from '../domain/timings.ts';
import type { RefundPaymentResult } from '../ports/psp-adapter.ts';
import { pspOf, type ServiceContext } from './context.ts';

/** First pause between two tries. */
const REFUND_RETRY_FIRST_MS = 10_000;

/**
 * Milliseconds until the next try. What the PSP has taken on is on its way through banks for
 * days, and its end is told by webhook: asking for it grows rarer than trying to hand it over.
 */
export function refundPauseMs({ timings }: ServiceContext, tries: number, isTakenOn: boolean): number {
  return backoffMs(REFUND_RETRY_FIRST_MS, tries, isTakenOn ? timings.stuckQueryEveryMs : timings.inDoubtQueryMaxMs);
}

export async function callRefund(context: ServiceContext, refund: Refund): Promise<RefundPaymentResult> {
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
