/**
 * Traffic: starts every planned operation at its time. Operations are independent of each
 * other; those of one group (a burst) begin in the same step of the clock, so that they race.
 */
import type { PlannedOperation } from '../dsl/index.ts';
import { playOperation } from './play-operations.ts';
import type { Stage } from './stage.ts';

/** Starts the traffic and resolves when every operation is played out. */
export async function playTraffic(stage: Stage, onPlayed: (done: number) => void): Promise<void> {
  const { clock, activity } = stage.world;
  let played = 0;
  const starts = groupsByStart(stage.plan.operations).map(
    ({ atMs, label, operations }) =>
      new Promise<void>((resolve, reject) => {
        clock.schedule(Math.max(0, atMs - stage.now()), label, () =>
          Promise.all(
            operations.map(async (operation) => {
              await activity.run(operation.op, () => playOperation(stage, operation));
              played += 1;
              onPlayed(played);
            }),
          ).then(() => resolve(), reject),
        );
      }),
  );
  await activity.parked(Promise.all(starts));
}

function groupsByStart(
  operations: readonly PlannedOperation[],
): { atMs: number; label: string; operations: PlannedOperation[] }[] {
  const groups = new Map<string, { atMs: number; label: string; operations: PlannedOperation[] }>();
  for (const operation of operations) {
    const { group, atMs } = operation;
    const found = groups.get(group) ?? { atMs, label: group, operations: [] };
    found.operations.push(operation);
    groups.set(group, found);
  }
  return [...groups.values()];
}
