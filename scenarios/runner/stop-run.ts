/**
 * A run that a person stops: what it waits for ends at once, and nothing is judged, since what
 * came after the stop says nothing about the target. Whoever began work beside the run ends it.
 */
import type { Clock } from '../../kernel/index.ts';
import type { World } from './world.ts';

export class RunStopped extends Error {
  /** Where the run's evidence so far lies; undefined when nothing is written. */
  readonly runDir: string | undefined;

  constructor(runDir: string | undefined) {
    super('the run was stopped before it was over');
    this.name = 'RunStopped';
    this.runDir = runDir;
  }
}

/** The same world, in which nobody sleeps on after the stop. */
export function stoppable(world: World, signal: AbortSignal): World {
  return { ...world, clock: waking(world.clock, signal), wireClock: waking(world.wireClock, signal) };
}

function waking(clock: Clock, signal: AbortSignal): Clock {
  return {
    kind: clock.kind,
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    schedule: (delayMs, label, task) => clock.schedule(delayMs, label, task),
    sleep: (delayMs, options) => clock.sleep(delayMs, { signal, ...options }),
  };
}

/** Rejects when the signal says stop. */
export function stopped(signal: AbortSignal, runDir: string | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(new RunStopped(runDir));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
