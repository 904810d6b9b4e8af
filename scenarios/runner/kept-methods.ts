/**
 * Methods that a PSP keeps for a player: which one the next deposit is paid with, and a player
 * who removes his.
 */
import { NetworkError } from '../../kernel/index.ts';
import type { PlannedDeposit, PlannedRemoval } from '../dsl/plan.ts';
import type { StoredMethod } from '../../openapi/generated/payments.ts';
import { ProbeRefused } from '../targets/service-client.ts';
import type { Stage } from './stage.ts';
import { submitIntent } from './submit-intent.ts';

/** Notes which method `deposit` is paid with; false when the player has none. */
export async function findKept(stage: Stage, deposit: PlannedDeposit, wanted: 'kept' | 'removed'): Promise<boolean> {
  const { op, player, psp, method } = deposit;
  const fitting = (await listed(stage, player)).filter(
    (one) => one.status === 'active' && one.method === method && (psp === undefined || one.psp === psp),
  );
  const found = wanted === 'removed' ? stage.removed.get(player) : fitting[0]?.stored_method_id;
  if (found === undefined) {
    stage.record({ proc: 'runner', type: 'note', f: 'no-kept-method', key: op, value: { op, player_id: player } });
    return false;
  }
  stage.keptFor.set(op, found);
  return true;
}

/** The player removes the newest method that is kept for him, if any. */
export async function playRemoval(stage: Stage, { op, player, client }: PlannedRemoval): Promise<void> {
  const newest = (await listed(stage, player)).find(({ status }) => status === 'active');
  if (newest === undefined) return;
  const storedMethodId = newest.stored_method_id;
  const outcome = await submitIntent(stage, {
    f: 'removal',
    op,
    proc: `player:${player}`,
    idField: 'stored_method_id',
    client: { ...client, reuseKeyWithOtherBody: false },
    describe: { player_id: player, stored_method_id: storedMethodId },
    send: ({ timeoutMs }) => stage.service.removeStoredMethod(player, storedMethodId, { timeoutMs }),
  });
  if (outcome.kind === 'accepted') stage.removed.set(player, storedMethodId);
}

/** Empty when nobody answers: a player who sees no kept method pays with none. */
async function listed(stage: Stage, player: string): Promise<StoredMethod[]> {
  try {
    return await stage.service.storedMethods(player);
  } catch (error) {
    if (error instanceof NetworkError || error instanceof ProbeRefused) return [];
    throw error;
  }
}
