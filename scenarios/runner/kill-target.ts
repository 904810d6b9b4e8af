/** Kills the target without warning and starts it again, at the plan's times (http driver only). */
import type { Stage } from './stage.ts';

export async function killAndRestart(stage: Stage): Promise<void> {
  const { plan, world } = stage;
  for (const { atMs, restartAfterMs } of plan.kills) {
    await world.clock.sleep(Math.max(0, atMs - stage.now()), { label: 'kill' });
    await world.killTarget();
    stage.record({ proc: 'runner', type: 'note', f: 'target', value: { event: 'killed' } });
    await world.clock.sleep(restartAfterMs, { label: 'restart' });
    await world.restartTarget();
    stage.record({ proc: 'runner', type: 'note', f: 'target', value: { event: 'restarted' } });
  }
}
