/**
 * Story: money that came too late, or twice, goes back to the card it came from. Repeated under
 * the same key until the PSP has done it, or refuses; then the open case waits for a person.
 *
 *   unproven ─► the PSP confirms that the payment is ours ─► wanted ─► received ─► done
 *       └─────► it does not: refuted, case                      └──────────┴─────► rejected, case
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import type { Refund } from '../domain/refund.ts';
import { announce, applyDepositFact } from './apply-deposit-fact.ts';
import { callRefund, refundPauseMs } from './call-refund.ts';
import { openCases } from './cases.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { depositFact, paymentAttemptView } from './facts.ts';
import { guarded } from './send-deposit.ts';
import { surplusCase } from './surplus-payment.ts';

/** "Not found" so often, the last time after more than ten minutes, is no lag any more. */
const MOST_NOT_FOUND = 7;

export async function advanceLateRefund(context: ServiceContext, refund: Refund): Promise<void> {
  if (refund.status === 'unproven') return prove(context, refund);
  if (refund.status === 'wanted' || refund.status === 'received') return giveBack(context, refund);
}

/** Nobody is refunded on the word of a webhook: the PSP must know the payment under our reference, and hold its money. */
async function prove(context: ServiceContext, refund: Refund): Promise<void> {
  const subject = await subjectOf(context, refund);
  if (subject === null || refund.pspReference === null) return;
  const { payment, attempt } = subject;
  const { adapter } = pspOf(context, refund.psp);
  const asked = { ...paymentAttemptView(payment, attempt), pspReference: refund.pspReference };
  const result = await guarded(context, attempt, () => adapter.queryPayment(asked));
  const surplus = { payment, attempt, psp: refund.psp, pspReference: refund.pspReference };
  switch (result.kind) {
    case 'approved': {
      const fits =
        result.money === null ||
        (result.money.amountMinor === refund.amountMinor && result.money.currency === refund.currency);
      if (!fits) return decide(context, refund, 'refuted', [surplusCase(surplus, 'unknown_payment')]);
      return decide(context, refund, 'wanted', [surplusCase(surplus, 'late_success')]);
    }
    case 'refunded':
      return decide(context, refund, 'done', [surplusCase(surplus, 'unknown_payment')]);
    case 'declined':
    case 'canceled':
      return decide(context, refund, 'refuted', [surplusCase(surplus, 'unknown_payment')]);
    case 'not_found':
      if (refund.tries + 1 < MOST_NOT_FOUND) return tryLater(context, refund, 'unproven');
      return decide(context, refund, 'refuted', [surplusCase(surplus, 'unknown_payment')]);
    case 'in_doubt':
      if (result.aboutAnother !== true) return tryLater(context, refund, 'unproven');
      return decide(context, refund, 'refuted', [surplusCase(surplus, 'unknown_payment')]);
    default:
      return tryLater(context, refund, 'unproven');
  }
}

async function decide(
  context: ServiceContext,
  refund: Refund,
  status: 'wanted' | 'refuted' | 'done',
  cases: Parameters<typeof openCases>[2],
): Promise<void> {
  const nextStepAt = status === 'wanted' ? context.clock.now() : null;
  await context.database.transaction(async (unit) => {
    const current = await context.stores.refunds.find(unit, refund.id);
    if (current?.status !== 'unproven') return;
    await context.stores.refunds.save(unit, {
      ...current,
      status,
      tries: 0,
      updatedAt: context.clock.now(),
      nextStepAt,
    });
    await openCases(context, unit, cases);
  });
  context.wakeAt(nextStepAt);
}

async function giveBack(context: ServiceContext, refund: Refund): Promise<void> {
  const { database } = context;
  const result = await callRefund(context, refund);
  // A PSP that has forgotten the key refuses to do again what it did: its word about the payment decides.
  if (result.kind === 'refunded' || (result.kind === 'rejected' && (await isGivenBack(context, refund)))) {
    const applied = await database.transaction((unit) =>
      applyDepositFact(
        context,
        unit,
        { paymentId: refund.paymentId, attemptId: refund.attemptId },
        depositFact('query', refund.psp, 'refunded', { pspReference: refund.pspReference }),
      ),
    );
    announce(context, applied.payment);
    return;
  }
  if (result.kind !== 'rejected')
    return tryLater(context, refund, result.kind === 'received' ? 'received' : refund.status);
  context.log({
    level: 'error',
    msg: 'refund rejected',
    refund: refund.id,
    payment: refund.paymentId,
    reason: result.reason,
  });
  await reject(context, refund);
}

async function isGivenBack(context: ServiceContext, refund: Refund): Promise<boolean> {
  const subject = refund.pspReference === null ? null : await subjectOf(context, refund);
  if (subject === null) return false;
  const asked = { ...paymentAttemptView(subject.payment, subject.attempt), pspReference: refund.pspReference };
  const result = await guarded(context, subject.attempt, () => pspOf(context, refund.psp).adapter.queryPayment(asked));
  return result.kind === 'refunded';
}

/** A PSP that cannot be asked says by its refusal that a payment beside the attempt's own may be a stranger's. */
async function reject(context: ServiceContext, refund: Refund): Promise<void> {
  const subject = await subjectOf(context, refund);
  const { pspReference, psp } = refund;
  const isSurplus = subject !== null && pspReference !== null && pspReference !== subject.attempt.pspReference;
  await context.database.transaction(async (unit) => {
    const current = await context.stores.refunds.find(unit, refund.id);
    if (current === null || current.status === 'done') return;
    await context.stores.refunds.save(unit, {
      ...current,
      status: 'rejected',
      updatedAt: context.clock.now(),
      nextStepAt: null,
    });
    if (isSurplus) await openCases(context, unit, [surplusCase({ ...subject, psp, pspReference }, 'unknown_payment')]);
  });
}

async function tryLater(context: ServiceContext, refund: Refund, status: Refund['status']): Promise<void> {
  const { database, stores, clock } = context;
  const nextStepAt = clock.now() + refundPauseMs(context, refund.tries, status === 'received');
  await database.transaction(async (unit) => {
    // The webhook may have settled it while we were asking.
    const current = await stores.refunds.find(unit, refund.id);
    if (current === null || current.status === 'done' || current.status === 'rejected') return;
    await stores.refunds.save(unit, {
      ...current,
      status,
      tries: current.tries + 1,
      updatedAt: clock.now(),
      nextStepAt,
    });
  });
  context.wakeAt(nextStepAt);
}

async function subjectOf(
  { database, stores }: ServiceContext,
  refund: Refund,
): Promise<{ payment: Payment; attempt: Attempt } | null> {
  const found = await stores.deposits.find(database.autocommit, refund.paymentId);
  const attempt = found?.attempts.find(({ id }) => id === refund.attemptId);
  return found === null || attempt === undefined ? null : { payment: found.payment, attempt };
}
