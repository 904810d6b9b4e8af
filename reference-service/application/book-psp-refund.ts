/**
 * Story: a refund of a credited deposit that nobody here asked for: made in the PSP's dashboard.
 * The money has left, so the ledger follows: the wallet pays what it has, the rest is our loss,
 * and a person is told.
 *
 * A PSP may speak of one such refund twice: by the refund's own event, and by the payment's
 * ("all of it is refunded"). Whichever comes first is booked; the other one explains it.
 */
import type { Payment } from '../domain/deposit.ts';
import type { Refund } from '../domain/refund.ts';
import { refundableMinor } from '../domain/refund.ts';
import type { NewCase } from '../domain/case.ts';
import type { Unit } from '../ports/unit.ts';
import {
  moneyText,
  postRefund,
  saveRefunded,
  tellOfRefund,
  type LockedPayment,
  type RefundOutcome,
} from './apply-refund-word.ts';
import { openCases } from './cases.ts';
import type { ServiceContext } from './context.ts';

export interface PspRefund {
  psp: string;
  /** The PSP's id of the refund; null when only the payment's total tells of it. */
  partReference: string | null;
  amountMinor: number;
  occurredAt: number | null;
}

/** @param refunds all refunds of the payment, read under its lock */
export async function bookPspRefund(
  context: ServiceContext,
  unit: Unit,
  locked: LockedPayment,
  refunds: readonly Refund[],
  told: PspRefund,
): Promise<RefundOutcome> {
  const { payment } = locked;
  const total = told.partReference === null ? undefined : refunds.find(isUnexplained);
  const explainedMinor = total === undefined ? 0 : Math.min(told.amountMinor, total.amountMinor - total.explainedMinor);
  const bookedMinor = told.amountMinor - explainedMinor;
  const leftMinor = (payment.creditedMinor ?? 0) - payment.refundedMinor;
  if (told.amountMinor <= 0 || bookedMinor > leftMinor) {
    await openCases(context, unit, [doesNotFit(payment, told, leftMinor)]);
    return 'mismatch';
  }
  const refund = pspRefund(context, locked, told, { bookedMinor, status: 'done' });
  if (!(await context.stores.refunds.insert(unit, refund))) return 'nothing_new';
  if (total !== undefined)
    await context.stores.refunds.save(unit, { ...total, explainedMinor: total.explainedMinor + explainedMinor });
  if (bookedMinor === 0) return 'nothing_new';
  // The wallet never pays more than it was given: what is refunded and disputed as well is our loss.
  const outcome = await postRefund(context, unit, payment, refund, {
    kind: 'deposit_refund',
    walletLimitMinor: refundableMinor(payment),
  });
  await saveRefunded(context, unit, locked, bookedMinor);
  const lossMinor = outcome.kind === 'posted' ? (outcome.lossMinor ?? 0) : 0;
  await openCases(context, unit, casesOf(payment, refund, lossMinor));
  await tellOfRefund(context, unit, payment, refund);
  return 'applied';
}

/** A failed refund that we did not know: remembered, so that the word of its success, still on its way, changes nothing. */
export async function rememberFailedPspRefund(
  context: ServiceContext,
  unit: Unit,
  locked: LockedPayment,
  told: PspRefund,
): Promise<void> {
  if (told.partReference === null || told.amountMinor <= 0) return;
  const refund = pspRefund(context, locked, told, { bookedMinor: told.amountMinor, status: 'rejected' });
  await context.stores.refunds.insert(unit, refund);
}

/** Booked from a payment's total, and not told of by events of its own so far. */
function isUnexplained({ origin, status, partReference, amountMinor, explainedMinor }: Refund): boolean {
  return origin === 'psp' && status === 'done' && partReference === null && explainedMinor < amountMinor;
}

function pspRefund(
  context: ServiceContext,
  { payment, attempts }: LockedPayment,
  told: PspRefund,
  more: Pick<Refund, 'bookedMinor' | 'status'>,
): Refund {
  const nowMs = context.clock.now();
  const id = context.ids.next('ref');
  const attempt = attempts.find((one) => one.id === payment.creditedAttemptId);
  if (attempt === undefined) throw new Error(`Bug: ${payment.id} is credited for an attempt that it does not have`);
  return {
    id,
    origin: 'psp',
    attemptId: attempt.id,
    paymentId: payment.id,
    psp: told.psp,
    pspReference: attempt.pspReference,
    partReference: told.partReference,
    amountMinor: told.amountMinor,
    explainedMinor: 0,
    currency: payment.currency,
    reason: null,
    idempotencyKey: `key-${id}`,
    failureReason: null,
    sentAt: null,
    finalAt: told.occurredAt,
    tries: 0,
    createdAt: nowMs,
    updatedAt: nowMs,
    nextStepAt: null,
    ...more,
  };
}

function casesOf(payment: Payment, refund: Refund, lossMinor: number): NewCase[] {
  const about = { subjectId: payment.id, psp: refund.psp };
  const { currency } = refund;
  const booked = moneyText(refund.bookedMinor, currency);
  const unasked = `${refund.psp} gave ${booked} back (${refund.partReference ?? 'no id of its own'}), which nobody here had asked for; the wallet of ${payment.playerId} paid ${moneyText(refund.bookedMinor - lossMinor, currency)} of it.`;
  const cases: NewCase[] = [{ ...about, kind: 'contradictory_final', summary: unasked }];
  if (lossMinor > 0)
    cases.push({
      ...about,
      kind: 'refund_shortfall',
      summary: `${moneyText(lossMinor, currency)} of a refund at ${refund.psp} could not be taken from the wallet of ${payment.playerId} and is our loss.`,
    });
  if (payment.disputedMinor > 0)
    cases.push({
      ...about,
      kind: 'refund_after_chargeback',
      summary: `${refund.psp} gave ${booked} back although the issuer had taken ${moneyText(payment.disputedMinor, currency)} back before.`,
    });
  return cases;
}

function doesNotFit(payment: Payment, told: PspRefund, leftMinor: number): NewCase {
  const what = `${told.psp} reports a refund of ${moneyText(told.amountMinor, payment.currency)} (${told.partReference ?? 'no id'}), of which only ${moneyText(leftMinor, payment.currency)} was left; nothing was moved.`;
  return { kind: 'refund_unmatched', subjectId: payment.id, psp: told.psp, summary: what };
}
