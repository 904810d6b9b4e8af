/**
 * Tells the platform that a person has to look at a payout before it is sent, and what was decided.
 */
import type { Attempt } from '../domain/deposit.ts';
import type { Payout } from '../domain/payout.ts';
import type { PayoutCheck } from '../ports/players.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';
import { payoutView } from './payout-view.ts';
import { tellPlatform } from './tell-platform.ts';

export async function tellReview(
  context: ServiceContext,
  unit: Unit,
  { payout, attempts, check }: { payout: Payout; attempts: readonly Attempt[]; check: Omit<PayoutCheck, 'payoutId'> },
): Promise<void> {
  const data = { ...payoutView(payout, attempts, check) };
  await tellPlatform(context, unit, { type: 'payout.review', subjectId: payout.id, playerId: payout.playerId, data });
}
