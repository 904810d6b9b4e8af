/**
 * Story: an event names a PSP id for an attempt whose id we do not know yet. It is a hint until
 * the PSP confirms that this payment is ours.
 *
 * Learning the id from the event instead, and holding on to it, would be safe for the second
 * event but not for the first: a stranger's payment under our reference would be credited before
 * the true id arrives. So the PSP is asked for the payment by the id that the event names, and
 * must answer with our reference.
 *
 * A PSP that cannot be asked tells the id by its answer, or by the repetition of the call, which
 * the worker makes: the event waits for it. A success in the middle of a challenge waits for the
 * browser, without whose query nothing can have been authorized; when it never comes, a person
 * decides. Only where no question is left is the signed event the last word that there will ever
 * be: its id is learned, and stays.
 */
import { isLive, type Attempt } from '../domain/deposit.ts';
import type { PspEvent, QueryPaymentResult, QueryPayoutResult } from '../ports/psp-adapter.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { paymentAttemptView, payoutAttemptView } from './facts.ts';
import { mayBeRepeated } from './resolve-in-doubt.ts';
import { guarded } from './send-deposit.ts';

/** `refuted`: it is not ours, as far as anybody can tell. `not_found`: not yet, or never. `unknown`: ask again. */
export type Confirmation = 'confirmed' | 'refuted' | 'not_found' | 'unknown';

export interface EventTarget {
  kind: 'deposit' | 'payout';
  attemptId: string;
  subjectId: string;
}

/** Asks once. Never inside a transaction: it waits for the PSP. */
export async function confirmEvent(
  context: ServiceContext,
  event: PspEvent,
  target: EventTarget,
): Promise<Confirmation> {
  const found = await find(context, target, event);
  if (found === null) return 'unknown';
  const { attempt, ask, expiresAt, traceId } = found;
  const { adapter } = pspOf(context, attempt.psp);
  if (!adapter.capabilities.statusQuery) {
    if (isLive(attempt) && mayBeRepeated(context, attempt, adapter.capabilities.keyLifeMs)) return 'unknown';
    const isUnfinished = attempt.status === 'requires_action' && attempt.returnQuery === null;
    if (!isUnfinished || event.outcome !== 'succeeded') return 'confirmed';
    return context.clock.now() < expiresAt ? 'unknown' : 'refuted';
  }
  const result = await context.inTrace(traceId, () =>
    guarded<QueryPaymentResult | QueryPayoutResult>(context, attempt, ask),
  );
  switch (result.kind) {
    case 'not_found':
      return 'not_found';
    case 'in_doubt':
      return result.aboutAnother === true ? 'refuted' : 'unknown';
    case 'not_reached':
    case 'refused':
      return 'unknown';
    default:
      return answersOfOwn(event, target, attempt, result.pspReference) ? 'refuted' : 'confirmed';
  }
}

/** Asked about a second payout under our reference, the PSP tells of the first: it knows no other. */
function answersOfOwn(event: PspEvent, target: EventTarget, attempt: Attempt, answered: string | null): boolean {
  const { pspReference } = attempt;
  return (
    target.kind === 'payout' &&
    pspReference !== null &&
    event.pspReference !== pspReference &&
    answered === pspReference
  );
}

/** The attempt, and the question about it under the id that the event names. */
async function find(context: ServiceContext, { kind, subjectId, attemptId }: EventTarget, event: PspEvent) {
  const { database, stores } = context;
  const asked = (attempt: Attempt): Attempt => ({ ...attempt, pspReference: event.pspReference });
  if (kind === 'deposit') {
    const found = await stores.deposits.find(database.autocommit, subjectId);
    const attempt = found?.attempts.find(({ id }) => id === attemptId);
    if (found === null || attempt === undefined) return null;
    const { adapter } = pspOf(context, attempt.psp);
    const view = paymentAttemptView(found.payment, asked(attempt));
    const { expiresAt, traceId } = found.payment;
    return { attempt, expiresAt, traceId, ask: () => adapter.queryPayment(view) };
  }
  const found = await stores.payouts.find(database.autocommit, subjectId);
  const attempt = found?.attempts.find(({ id }) => id === attemptId);
  if (found === null || attempt === undefined) return null;
  const { adapter } = pspOf(context, attempt.psp);
  const view = payoutAttemptView(found.payout, asked(attempt));
  const { expiresAt, traceId } = found.payout;
  return { attempt, expiresAt, traceId, ask: () => adapter.queryPayout(view) };
}
