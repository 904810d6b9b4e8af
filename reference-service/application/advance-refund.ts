/**
 * Story: the next step of a refund that is not finished, by whoever takes it first.
 */
import type { ServiceContext } from './context.ts';
import { stepLeaseMs } from './advance-deposit.ts';
import { advanceLateRefund } from './refund-late-success.ts';
import { sendRefund } from './send-refund.ts';

export async function advanceRefund(context: ServiceContext, refundId: string, dueAt: number): Promise<void> {
  const { database, stores, clock } = context;
  if (!(await stores.refunds.takeStep(database.autocommit, refundId, dueAt, clock.now() + stepLeaseMs(context))))
    return;
  const refund = await stores.refunds.find(database.autocommit, refundId);
  if (refund === null) return;
  const found = await stores.deposits.find(database.autocommit, refund.paymentId);
  await context.inTrace(found?.payment.traceId ?? null, async () => {
    if (refund.origin === 'late') return advanceLateRefund(context, refund);
    if (refund.status === 'wanted' || refund.status === 'received') return sendRefund(context, refund);
  });
}
