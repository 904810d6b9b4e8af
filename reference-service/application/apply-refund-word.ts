/**
 * Applies one word about one known refund of a credited deposit, inside the caller's transaction
 * and under the lock of its payment: the only way by which a reservation for a refund is posted
 * or released, and by which money that came back is credited again.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import { formatAmount } from '../domain/money.ts';
import { refundMachine, type Refund, type RefundDecision, type RefundWord } from '../domain/refund.ts';
import type { LedgerOutcome, TransferKind } from '../ports/ledger.ts';
import type { Unit } from '../ports/unit.ts';
import { closeCase, openCases } from './cases.ts';
import type { ServiceContext } from './context.ts';
import { recoverLoss } from './move-dispute.ts';
import { refundView } from './refund-view.ts';
import { saveDeposit } from './save-deposit.ts';
import { tellPlatform } from './tell-platform.ts';

/** A payment as it was locked in this transaction. */
export interface LockedPayment {
  payment: Payment;
  attempts: Attempt[];
}

export type RefundOutcome = 'applied' | 'nothing_new' | 'mismatch';

/** @param refund as the word leaves it but for its status: ids that were just learned are in it */
export async function applyRefundWord(
  context: ServiceContext,
  unit: Unit,
  locked: LockedPayment,
  refund: Refund,
  word: RefundWord & { failureReason?: string | null },
): Promise<RefundOutcome> {
  const { stores, clock } = context;
  const decision = refundMachine(refund, word);
  const { payment } = locked;
  if (decision.ledger === 'post' && payment.refundedMinor + refund.amountMinor > (payment.creditedMinor ?? 0)) {
    await stores.refunds.save(unit, { ...refund, nextStepAt: null });
    const what = `${refund.psp} says that refund ${refund.id} is done, with which more would have gone back than was captured; its money stays reserved.`;
    await openCases(context, unit, [
      { kind: 'refund_unmatched', subjectId: payment.id, psp: refund.psp, summary: what },
    ]);
    return 'mismatch';
  }
  if (decision.contradicts) {
    await stores.refunds.save(unit, refund);
    const what = `${refund.psp} says that refund ${refund.id} is done, which it had said had failed; nothing was moved.`;
    await openCases(context, unit, [
      { kind: 'contradictory_final', subjectId: payment.id, psp: refund.psp, summary: what },
    ]);
    return 'mismatch';
  }
  if (decision.status === null) {
    await stores.refunds.save(unit, refund);
    return 'nothing_new';
  }
  const changed: Refund = {
    ...refund,
    status: decision.status,
    failureReason: decision.status === 'done' ? null : (word.failureReason ?? refund.failureReason),
    finalAt: word.occurredAt ?? refund.finalAt,
    updatedAt: clock.now(),
    nextStepAt: null,
  };
  const freedMinor = await moveRefund(context, unit, locked, changed, decision);
  await stores.refunds.save(unit, changed);
  if (freedMinor > 0) await recoverLoss(context, unit, payment.id, freedMinor);
  await closeCase(context, unit, 'stuck_in_doubt', refund.id, 'the outcome is known');
  await tellOfRefund(context, unit, payment, changed);
  return 'applied';
}

/** @returns what the wallet has got back by it, in minor units; what we had borne of it comes back to us */
async function moveRefund(
  context: ServiceContext,
  unit: Unit,
  locked: LockedPayment,
  refund: Refund,
  { ledger }: RefundDecision,
): Promise<number> {
  const kinds = { post: 'refund_post', void: 'refund_void', return: 'refund_return' } as const;
  if (ledger === 'none') return 0;
  if (ledger === 'return' && refund.bookedMinor < refund.amountMinor) {
    const what = `Refund ${refund.partReference ?? refund.id} of ${moneyText(refund.amountMinor, refund.currency)} came back; ${moneyText(refund.bookedMinor, refund.currency)} of it had been booked as its own and is credited again.`;
    await openCases(context, unit, [
      { kind: 'refund_unmatched', subjectId: refund.paymentId, psp: refund.psp, summary: what },
    ]);
  }
  if (refund.bookedMinor === 0) return 0;
  const outcome = await postRefund(context, unit, locked.payment, refund, { kind: kinds[ledger] });
  if (ledger !== 'void')
    await saveRefunded(context, unit, locked, ledger === 'post' ? refund.bookedMinor : -refund.bookedMinor);
  if (ledger === 'post' || outcome.kind === 'already') return 0;
  return refund.bookedMinor - (outcome.lossMinor ?? 0);
}

/** Moves what the refund books in the ledger, once per refund and kind. @throws Error when the ledger refuses */
export async function postRefund(
  context: ServiceContext,
  unit: Unit,
  payment: Payment,
  refund: Refund,
  { kind, walletLimitMinor }: { kind: TransferKind; walletLimitMinor?: number },
): Promise<Extract<LedgerOutcome, { kind: 'posted' | 'already' }>> {
  const [outcome] = await context.parts.ledger.post(unit, [
    {
      kind,
      paymentId: payment.id,
      part: refund.id,
      playerId: payment.playerId,
      amountMinor: refund.bookedMinor,
      currency: refund.currency,
      psp: refund.psp,
      txnId: null,
      idempotencyKey: null,
      ...(walletLimitMinor === undefined ? {} : { walletLimitMinor }),
    },
  ]);
  if (outcome?.kind !== 'posted' && outcome?.kind !== 'already')
    throw new Error(`Bug: ${kind} of ${refund.id} was refused: ${outcome?.kind}`);
  return outcome;
}

/** The payment after this much more (or less) of it has gone back. */
export async function saveRefunded(
  context: ServiceContext,
  unit: Unit,
  { payment, attempts }: LockedPayment,
  changeMinor: number,
): Promise<void> {
  const refundedMinor = payment.refundedMinor + changeMinor;
  const isAll = refundedMinor > 0 && refundedMinor === payment.creditedMinor;
  const status = isAll ? 'refunded' : payment.status === 'refunded' ? 'succeeded' : payment.status;
  const changed: Payment = { ...payment, refundedMinor, status, updatedAt: context.clock.now() };
  // A refund that came back makes it `succeeded` again, which was told before; the refund tells of itself.
  if (changeMinor < 0) await context.stores.deposits.save(unit, changed);
  else await saveDeposit(context, unit, payment, changed, attempts);
}

export async function tellOfRefund(
  context: ServiceContext,
  unit: Unit,
  { playerId }: Payment,
  refund: Refund,
): Promise<void> {
  const type = refund.status === 'done' ? 'refund.succeeded' : 'refund.failed';
  await tellPlatform(context, unit, { type, subjectId: refund.id, playerId, data: { ...refundView(refund) } });
}

export function moneyText(amountMinor: number, currency: string): string {
  return `${formatAmount(amountMinor, currency)} ${currency}`;
}
