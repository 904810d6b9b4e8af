/**
 * What a chargeback moves in the ledger: taken from the wallet and, where that does not reach, from
 * us; given back to where it came from; and what we bore for a refund that did not happen after all.
 * Inside the caller's transaction, under the lock of the payment. Saves the payment, and the
 * dispute only where the caller does not.
 */
import type { Payment } from '../domain/deposit.ts';
import { isTaken, type Dispute } from '../domain/dispute.ts';
import { refundableMinor, underWayMinor } from '../domain/refund.ts';
import type { LedgerCommand } from '../ports/ledger.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';

/** More disputes than any payment has. */
const ALL = 100;

/**
 * A new turn of the dispute: its amount is taken back from us.
 * @param walletLimitMinor the most that the wallet pays, in minor units; the rest is our loss
 * @returns the payment as it was saved
 */
export async function takeForDispute(
  context: ServiceContext,
  unit: Unit,
  payment: Payment,
  dispute: Dispute,
  walletLimitMinor: number,
): Promise<Payment> {
  dispute.turn += 1;
  dispute.lossMinor = await post(context, unit, payment, dispute, { kind: 'chargeback', walletLimitMinor });
  return saveDisputed(context, unit, payment, dispute.amountMinor);
}

/** The issuer has given it back: to the wallet and to us, as it was taken in this turn. */
export async function giveBackOfDispute(
  context: ServiceContext,
  unit: Unit,
  payment: Payment,
  dispute: Dispute,
): Promise<Payment> {
  await post(context, unit, payment, dispute, { kind: 'chargeback_reversal' });
  dispute.lossMinor = 0;
  return saveDisputed(context, unit, payment, -dispute.amountMinor);
}

/**
 * A refund was left out when the wallet paid a chargeback, because the money was to go back that
 * way; now it has come to the wallet again, and the issuer has given it to the player already.
 * Each dispute that we bore a part of is taken anew, with that much more from the wallet.
 * @param freedMinor what the refund has put back into the wallet, in minor units
 */
export async function recoverLoss(
  context: ServiceContext,
  unit: Unit,
  paymentId: string,
  freedMinor: number,
): Promise<void> {
  const { stores } = context;
  const disputes = await stores.disputes.list(unit, { paymentId, limit: ALL });
  let left = freedMinor;
  for (const dispute of disputes.reverse()) {
    const more = Math.min(left, dispute.lossMinor);
    if (!isTaken(dispute.status) || more <= 0) continue;
    const payment = await stores.deposits.find(unit, paymentId);
    if (payment === null) throw new Error(`Bug: payment ${paymentId} does not exist`);
    const paidMinor = dispute.amountMinor - dispute.lossMinor;
    const back = await giveBackOfDispute(context, unit, payment.payment, dispute);
    const reservedMinor = underWayMinor(await stores.refunds.listOf(unit, paymentId));
    const owedMinor = Math.max(0, refundableMinor(back) - reservedMinor);
    await takeForDispute(context, unit, back, dispute, Math.min(paidMinor + more, owedMinor));
    dispute.updatedAt = context.clock.now();
    await stores.disputes.save(unit, dispute);
    left -= Math.max(0, dispute.amountMinor - dispute.lossMinor - paidMinor);
  }
}

/** @returns what of it was our loss, in minor units */
async function post(
  context: ServiceContext,
  unit: Unit,
  payment: Payment,
  dispute: Dispute,
  what: Pick<LedgerCommand, 'kind' | 'walletLimitMinor'>,
): Promise<number> {
  const [outcome] = await context.parts.ledger.post(unit, [
    {
      ...what,
      paymentId: payment.id,
      part: `${dispute.id}-${dispute.turn}`,
      playerId: payment.playerId,
      amountMinor: dispute.amountMinor,
      currency: dispute.currency,
      psp: dispute.psp,
      txnId: null,
      idempotencyKey: null,
    },
  ]);
  if (outcome?.kind !== 'posted' && outcome?.kind !== 'already')
    throw new Error(`Bug: the ${what.kind} of ${dispute.id} was refused: ${outcome?.kind}`);
  return outcome.kind === 'posted' ? (outcome.lossMinor ?? 0) : 0;
}

async function saveDisputed(
  { stores, clock }: ServiceContext,
  unit: Unit,
  payment: Payment,
  changeMinor: number,
): Promise<Payment> {
  const saved: Payment = {
    ...payment,
    disputedMinor: payment.disputedMinor + changeMinor,
    updatedAt: clock.now(),
  };
  await stores.deposits.save(unit, saved);
  return saved;
}
