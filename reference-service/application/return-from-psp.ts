/**
 * Story: the player's browser comes back from the PSP. Where the protocol asks for it the
 * query is handed to the PSP; then the browser goes on to the casino's page. Coming back is
 * no proof: nothing is credited here.
 */
import { ServiceError } from '../domain/errors.ts';
import { isFinal, liveAttempt, type Attempt } from '../domain/deposit.ts';
import type { DepositFact } from '../domain/deposit-fact.ts';
import { announce, applyDepositFact } from './apply-deposit-fact.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { depositFact, depositFactOfResult, paymentAttemptView } from './facts.ts';
import { guarded } from './send-deposit.ts';

/**
 * Gives the address of the page that the browser goes to next: the deposit's `return_url`
 * with `payment_id` added to its query.
 * @throws ServiceError not_found
 */
export async function returnFromPsp(
  context: ServiceContext,
  paymentId: string,
  query: Record<string, string>,
): Promise<string> {
  const found = await context.stores.deposits.find(context.database.autocommit, paymentId);
  if (found === null) throw new ServiceError('not_found', `There is no payment ${paymentId}.`);
  const { payment } = found;
  const attempt = liveAttempt(found.attempts);
  if (attempt !== null && !isFinal(payment.status)) {
    const { adapter } = pspOf(context, attempt.psp);
    const { submitReturn } = adapter;
    const learn = async (fact: DepositFact, returnQuery: Attempt['returnQuery'] = query): Promise<void> => {
      const applied = await context.database.transaction((unit) =>
        applyDepositFact(context, unit, { paymentId, attemptId: attempt.id }, fact, { returnQuery }),
      );
      announce(context, applied.payment);
    };
    // Noted first: whatever happens to this process, the worker can hand the query in again.
    const needsReturn = adapter.capabilities.needsReturn && submitReturn !== undefined && Object.keys(query).length > 0;
    if (needsReturn || attempt.returnQuery === null) await learn(depositFact('return', attempt.psp, 'pending'));
    await context.parts.onReturn(
      { payment, attempt, query, needsReturn },
      {
        learn,
        submitReturn: async () => {
          if (submitReturn === undefined) return;
          const hand = () => submitReturn.call(adapter, paymentAttemptView(payment, attempt), query);
          const result = await context.inTrace(payment.traceId, () => guarded(context, attempt, hand));
          const fact = depositFactOfResult('return', attempt.psp, result);
          // A query that the PSP refuses was nonsense: the one before stays.
          await learn(fact, fact.outcome === 'refused' ? attempt.returnQuery : query);
        },
      },
    );
  }
  const next = new URL(payment.returnUrl);
  next.searchParams.set('payment_id', payment.id);
  return next.toString();
}
