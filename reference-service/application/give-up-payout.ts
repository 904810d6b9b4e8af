/**
 * Ends a payout that no PSP has, or can have, and that none will be asked for: its money goes
 * back to the wallet in the same transaction, and the platform is told why.
 */
import { livePayoutAttempt, type Payout } from '../domain/payout.ts';
import type { Unit } from '../ports/unit.ts';
import type { PayoutState } from './apply-payout-fact.ts';
import type { ServiceContext } from './context.ts';
import { payoutView } from './payout-view.ts';
import { tellPlatform } from './tell-platform.ts';

/** @param reason in words that the platform may show */
export async function giveUpPayout(
  context: ServiceContext,
  unit: Unit,
  { payout, attempts }: PayoutState,
  reason: string,
): Promise<Payout> {
  if (livePayoutAttempt(attempts) !== null)
    throw new Error(`Bug: payout ${payout.id} is given up while a PSP may have it`);
  const { clock, parts, stores } = context;
  const nowMs = clock.now();
  const failed: Payout = { ...payout, status: 'failed', failureReason: reason, updatedAt: nowMs, nextStepAt: null };
  const [outcome] = await parts.ledger.post(unit, [
    {
      kind: 'payout_void',
      paymentId: payout.id,
      playerId: payout.playerId,
      amountMinor: payout.amountMinor,
      currency: payout.currency,
      psp: null,
      txnId: null,
      idempotencyKey: null,
    },
  ]);
  if (outcome?.kind !== 'posted') throw new Error(`Bug: the void of payout ${payout.id} was refused: ${outcome?.kind}`);
  await stores.payouts.save(unit, failed);
  await tellPlatform(context, unit, {
    type: 'payout.failed',
    subjectId: payout.id,
    playerId: payout.playerId,
    data: payoutView(failed, attempts),
  });
  return failed;
}
