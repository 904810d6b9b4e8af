/**
 * Story: a PSP speaks of a refund. Whose is it?
 *
 *   of a payment that is not credited here ─► a late success going back (surplus-payment, deposit machine)
 *   by our refund's id, or by the PSP's id of it ─► that refund
 *   of the amount of one of ours whose id at the PSP we do not know yet ─► it waits until we do: the
 *     PSP tells by its answer; when it never will, it is that one
 *   else ─► made at the PSP without us (book-psp-refund)
 */
import { underWayMinor, type Refund } from '../domain/refund.ts';
import type { PspEvent } from '../ports/psp-adapter.ts';
import type { LocatedAttempt } from '../ports/stores.ts';
import type { Unit } from '../ports/unit.ts';
import { applyRefundWord, type LockedPayment, type RefundOutcome } from './apply-refund-word.ts';
import { bookPspRefund, rememberFailedPspRefund } from './book-psp-refund.ts';
import { openCases } from './cases.ts';
import type { ServiceContext } from './context.ts';

/** Null: the refund is not one of a credited payment, so this story is not about it. */
export async function applyRefundEvent(
  context: ServiceContext,
  unit: Unit,
  psp: string,
  event: PspEvent,
  target: LocatedAttempt,
): Promise<RefundOutcome | 'too_early' | null> {
  const locked = await context.stores.deposits.lock(unit, target.subjectId);
  if (locked === null) throw new Error(`Bug: payment ${target.subjectId} does not exist`);
  const { payment } = locked;
  const isOther =
    event.pspReference !== null && target.pspReference !== null && event.pspReference !== target.pspReference;
  if (isOther) return null;
  if (payment.creditedAttemptId !== target.attemptId) return isTooEarly(locked, target, event) ? 'too_early' : null;
  const says = event.outcome === 'succeeded' || event.outcome === 'refunded' ? 'done' : event.outcome;
  if (says !== 'done' && says !== 'failed' && says !== 'canceled') return 'nothing_new';

  const refunds = await context.stores.refunds.listOf(unit, payment.id);
  const partReference = event.partReference ?? null;
  const known = refundMeant(refunds, event, says === 'done');
  if (known !== null && mayYetTellItsId(known, event)) return 'too_early';
  const money = event.money ?? (known === null ? null : { amountMinor: known.amountMinor, currency: known.currency });
  const mismatch = mismatchOf(psp, payment, known, money);
  if (mismatch !== null || money === null) {
    await openCases(context, unit, mismatch === null ? [] : [mismatch]);
    return 'mismatch';
  }
  if (known !== null) {
    const learned = known.partReference === null && partReference !== null ? { ...known, partReference } : known;
    return applyRefundWord(context, unit, locked, learned, {
      says: says === 'done' ? 'done' : 'failed',
      occurredAt: event.occurredAt,
      failureReason: event.code,
    });
  }
  const told = { psp, partReference, amountMinor: money.amountMinor, occurredAt: event.occurredAt };
  if (says === 'done') {
    const isRepeated =
      partReference === null &&
      refunds.some((one) => one.origin === 'psp' && one.partReference === null && one.amountMinor === told.amountMinor);
    // Without an id of its own a second event of the same amount may be the first one again; it is booked once.
    return isRepeated ? 'nothing_new' : bookPspRefund(context, unit, locked, refunds, told);
  }
  await rememberFailedPspRefund(context, unit, locked, told);
  return 'nothing_new';
}

/**
 * The payment's own state says that all of it has gone back: what no refund has told of so far is
 * booked now. Refunds of ours that are under way tell of themselves.
 */
export async function applyTotalRefund(
  context: ServiceContext,
  unit: Unit,
  locked: LockedPayment,
  psp: string,
): Promise<RefundOutcome> {
  const { payment } = locked;
  const refunds = await context.stores.refunds.listOf(unit, payment.id);
  const amountMinor = (payment.creditedMinor ?? 0) - payment.refundedMinor - underWayMinor(refunds);
  if (amountMinor <= 0) return 'nothing_new';
  return bookPspRefund(context, unit, locked, refunds, { psp, partReference: null, amountMinor, occurredAt: null });
}

/** A part of a payment went back before we heard that it was taken: that word must come first. */
function isTooEarly({ payment }: LockedPayment, { pspReference }: LocatedAttempt, event: PspEvent): boolean {
  const isOpen = payment.status === 'pending' || payment.status === 'authorized';
  const isPart = event.money !== null && event.money.amountMinor < payment.amountMinor;
  return isOpen && isPart && (event.pspReference === null || event.pspReference === pspReference);
}

function refundMeant(refunds: readonly Refund[], event: PspEvent, isDone: boolean): Refund | null {
  const partReference = event.partReference ?? null;
  const byPart = refunds.find((one) => partReference !== null && one.partReference === partReference);
  if (byPart !== undefined) return byPart;
  const byId = refunds.find(({ id }) => id === event.reference);
  // One request carried out twice: the second refund has our id and another one of the PSP's.
  const isSecond = byId !== undefined && byId.partReference !== null && partReference !== null;
  if (byId !== undefined && !isSecond) return byId;
  if (isSecond || !isDone) return null;
  const nameless = refunds.find(
    ({ origin, status, partReference: known, amountMinor }) =>
      origin === 'platform' &&
      known === null &&
      amountMinor === event.money?.amountMinor &&
      (status === 'wanted' || status === 'received' || status === 'done'),
  );
  return nameless ?? null;
}

/** So often a PSP has said "received" without an id that it will not tell one. */
const MOST_NAMELESS_ANSWERS = 3;

/** Ours by its amount only, while the PSP is still being asked: its answer tells whether it is. */
function mayYetTellItsId({ id, status, tries, partReference, nextStepAt }: Refund, event: PspEvent): boolean {
  const isGuess = event.reference !== id && partReference === null && event.partReference !== undefined;
  if (!isGuess || event.partReference === null || nextStepAt === null) return false;
  return status === 'wanted' || (status === 'received' && tries < MOST_NAMELESS_ANSWERS);
}

function mismatchOf(
  psp: string,
  payment: LockedPayment['payment'],
  known: Refund | null,
  money: PspEvent['money'],
): Parameters<typeof openCases>[2][number] | null {
  const about = { subjectId: payment.id, psp };
  if (money === null)
    return {
      ...about,
      kind: 'refund_unmatched',
      summary: `${psp} reports a refund without an id that we know and without an amount; nothing was moved.`,
    };
  if (money.currency !== payment.currency)
    return {
      ...about,
      kind: 'currency_mismatch',
      summary: `${psp} reports a refund in ${money.currency} of a payment in ${payment.currency}; nothing was moved.`,
    };
  if (known !== null && known.amountMinor !== money.amountMinor)
    return {
      ...about,
      kind: 'amount_mismatch',
      summary: `${psp} reports ${money.amountMinor} minor units for refund ${known.id} of ${known.amountMinor}; nothing was moved.`,
    };
  return null;
}
