/**
 * Story: what nobody finished. Looks at the agenda and gives each piece of work that is due to
 * its own story; says when the next one is due.
 */
import type { DueWork } from '../ports/stores.ts';
import { advanceDeposit } from './advance-deposit.ts';
import { advancePayout } from './advance-payout.ts';
import type { ServiceContext } from './context.ts';
import { recoverPsp } from './recover-psp.ts';
import { fetchSettlements } from './reconciliation/fetch-settlements.ts';
import { processInboxEvent } from './process-inbox.ts';
import { advanceRefund } from './advance-refund.ts';

/** @param isProbe the PSP is asked even when it is known to be silent */
export function completeWork(context: ServiceContext, work: DueWork, isProbe = false): Promise<void> {
  switch (work.kind) {
    case 'inbox':
      return processInboxEvent(context, { psp: work.psp, eventId: work.id });
    case 'deposit':
      return advanceDeposit(context, work.id, work.dueAt, isProbe);
    case 'payout':
      return advancePayout(context, work.id, work.dueAt, isProbe);
    case 'psp':
      return recoverPsp(context, work.psp, work.dueAt, completeWork);
    case 'reconciliation':
      return fetchSettlements(context, work.psp, work.dueAt);
    case 'refund':
      return advanceRefund(context, work.id, work.dueAt);
  }
}
