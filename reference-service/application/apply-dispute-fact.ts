/**
 * Story: a player's issuer takes a deposit back (a chargeback), and sometimes gives it back again.
 *
 * The ledger follows the PSP: the wallet pays what it has and what the payment still owes, the
 * rest is our loss; a won dispute gives back exactly what was taken, to where it was taken from.
 * A case is open while the dispute is.
 */
import { disputeMachine, isTaken, type Dispute, type DisputeStatus } from '../domain/dispute.ts';
import { refundableMinor, underWayMinor } from '../domain/refund.ts';
import type { NewCase } from '../domain/case.ts';
import type { Payment } from '../domain/deposit.ts';
import type { PspEvent } from '../ports/psp-adapter.ts';
import type { LocatedAttempt } from '../ports/stores.ts';
import type { Unit } from '../ports/unit.ts';
import { moneyText, type LockedPayment } from './apply-refund-word.ts';
import { closeCase, openCases } from './cases.ts';
import type { ServiceContext } from './context.ts';
import { giveBackOfDispute, takeForDispute } from './move-dispute.ts';
import { disputeView } from './refund-view.ts';
import { tellPlatform } from './tell-platform.ts';

const SAYS: Partial<Record<PspEvent['outcome'], DisputeStatus>> = {
  dispute_opened: 'open',
  dispute_lost: 'lost',
  dispute_won: 'won',
};

const TOLD = { open: 'chargeback.opened', lost: 'chargeback.lost', won: 'chargeback.won' } as const;

/** `too_early`: the payment is not credited yet, and still may be. */
export async function applyDisputeEvent(
  context: ServiceContext,
  unit: Unit,
  psp: string,
  event: PspEvent,
  target: LocatedAttempt,
): Promise<'applied' | 'nothing_new' | 'mismatch' | 'too_early'> {
  const says = SAYS[event.outcome];
  if (says === undefined) return 'nothing_new';
  const { stores } = context;
  const locked = await stores.deposits.lock(unit, target.subjectId);
  if (locked === null) throw new Error(`Bug: payment ${target.subjectId} does not exist`);
  const { payment } = locked;
  const isOther = event.pspReference !== null && event.pspReference !== target.pspReference;
  if (payment.creditedAttemptId !== target.attemptId || isOther) {
    if (!isOther && (payment.status === 'pending' || payment.status === 'authorized')) return 'too_early';
    await openCases(context, unit, [ofNoCredit(payment, psp, event)]);
    return 'mismatch';
  }
  const pspReference = event.partReference ?? target.pspReference ?? target.attemptId;
  const known = await stores.disputes.findByReference(unit, psp, pspReference);
  const money = event.money ?? (known === null ? wholeOf(payment) : known);
  const mismatch = mismatchOf(payment, psp, known, money);
  if (mismatch !== null) {
    await openCases(context, unit, [mismatch]);
    return 'mismatch';
  }
  const decision = disputeMachine(known, { says, occurredAt: event.occurredAt });
  if (decision === null) return 'nothing_new';
  const dispute: Dispute = {
    ...(known ?? newDispute(context, locked, { psp, pspReference, target, money })),
    status: decision.status,
    statusAt: decision.statusAt,
    reason: event.code ?? known?.reason ?? null,
    updatedAt: context.clock.now(),
  };
  const reservedMinor = underWayMinor(await stores.refunds.listOf(unit, payment.id));
  // What is reserved for a refund goes back that way: the wallet pays it once.
  const walletLimitMinor = Math.max(0, refundableMinor(payment) - reservedMinor);
  if (decision.ledger === 'take') await takeForDispute(context, unit, payment, dispute, walletLimitMinor);
  if (decision.ledger === 'give_back') await giveBackOfDispute(context, unit, payment, dispute);
  await stores.disputes.save(unit, dispute);
  if (!decision.isNews) return 'nothing_new';
  await settleCase(context, unit, payment, dispute, reservedMinor);
  const data = { ...disputeView(dispute) };
  await tellPlatform(context, unit, {
    type: TOLD[says],
    subjectId: dispute.id,
    playerId: payment.playerId,
    data,
  });
  return 'applied';
}

/** Open while the dispute is; a dispute that ended before we heard of it leaves a case that is closed. */
async function settleCase(
  context: ServiceContext,
  unit: Unit,
  payment: Payment,
  dispute: Dispute,
  reservedMinor: number,
): Promise<void> {
  const about = { subjectId: payment.id, psp: dispute.psp };
  const taken = moneyText(dispute.amountMinor, dispute.currency);
  const loss = moneyText(dispute.lossMinor, dispute.currency);
  const cases: NewCase[] = [];
  if (isTaken(dispute.status))
    cases.push({
      ...about,
      kind: 'chargeback',
      summary: `The issuer took ${taken} back at ${dispute.psp} (${dispute.pspReference}); ${loss} of it could not be taken from the wallet of ${dispute.playerId}.`,
    });
  const goesBackMinor = payment.refundedMinor + reservedMinor;
  if (
    isTaken(dispute.status) &&
    goesBackMinor > 0 &&
    goesBackMinor + dispute.amountMinor > (payment.creditedMinor ?? 0)
  )
    cases.push({
      ...about,
      kind: 'refund_after_chargeback',
      summary: `The issuer took ${taken} back at ${dispute.psp} although ${moneyText(goesBackMinor, payment.currency)} of the payment had been refunded or was about to be.`,
    });
  await openCases(context, unit, cases);
  if (dispute.status !== 'open') await closeCase(context, unit, 'chargeback', payment.id, 'the dispute has ended');
}

function newDispute(
  context: ServiceContext,
  { payment }: LockedPayment,
  told: { psp: string; pspReference: string; target: LocatedAttempt; money: { amountMinor: number } },
): Dispute {
  const nowMs = context.clock.now();
  return {
    id: context.ids.next('dis'),
    paymentId: payment.id,
    attemptId: told.target.attemptId,
    playerId: payment.playerId,
    psp: told.psp,
    pspReference: told.pspReference,
    amountMinor: told.money.amountMinor,
    currency: payment.currency,
    status: 'open',
    turn: 0,
    reason: null,
    statusAt: nowMs,
    lossMinor: 0,
    createdAt: nowMs,
    updatedAt: nowMs,
  };
}

function wholeOf({ creditedMinor, amountMinor, currency }: Payment): { amountMinor: number; currency: string } {
  return { amountMinor: creditedMinor ?? amountMinor, currency };
}

function mismatchOf(
  payment: Payment,
  psp: string,
  known: Dispute | null,
  money: { amountMinor: number; currency: string },
): NewCase | null {
  const about = { subjectId: payment.id, psp };
  const said = `${psp} reports a dispute of ${money.amountMinor} minor units of ${money.currency}`;
  if (money.currency !== payment.currency)
    return { ...about, kind: 'currency_mismatch', summary: `${said}; the payment is in ${payment.currency}.` };
  const creditedMinor = payment.creditedMinor ?? 0;
  if (known !== null && known.amountMinor !== money.amountMinor)
    return { ...about, kind: 'amount_mismatch', summary: `${said}; it had said ${known.amountMinor} before.` };
  if (money.amountMinor <= 0 || money.amountMinor > creditedMinor)
    return { ...about, kind: 'amount_mismatch', summary: `${said}; the payment was of ${creditedMinor}.` };
  return null;
}

/** Money of a payment that no wallet was credited for: nothing of ours moves, a person is told. */
function ofNoCredit(payment: Payment, psp: string, event: PspEvent): NewCase {
  const id = event.pspReference ?? 'nothing';
  const what = `${psp} reports ${event.type} of ${id} (${event.partReference ?? 'no id of its own'}), a payment that no wallet was credited for; nothing was moved.`;
  return { kind: 'chargeback', subjectId: payment.id, psp, summary: what };
}
