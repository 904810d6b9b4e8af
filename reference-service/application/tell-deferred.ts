/**
 * Tells the platform that a payout waits for a PSP: once, when it begins to wait, not at every
 * try that comes to nothing.
 */
import type { Attempt } from '../domain/deposit.ts';
import type { Payout } from '../domain/payout.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';
import { payoutView } from './payout-view.ts';
import { tellPlatform } from './tell-platform.ts';

export async function tellDeferred(
  context: ServiceContext,
  unit: Unit,
  payout: Payout,
  attempts: readonly Attempt[],
): Promise<void> {
  const data = payoutView(payout, attempts);
  await tellPlatform(context, unit, { type: 'payout.deferred', subjectId: payout.id, playerId: payout.playerId, data });
}
