/**
 * Real clock: the wall clock of the process. One of the few files that may touch
 * `Date.now`, `performance.now` and timers.
 */
import type { Clock, TimerHandle } from './clock.ts';
import { checkedDelayMs, sleepOn } from './sleep.ts';

/** Longer delays overflow the 32-bit timers of Node and would fire at once; they are chained. */
const LONGEST_NATIVE_DELAY_MS = 2 ** 31 - 1;

export function createRealClock(): Clock {
  const startedAt = performance.now();

  function schedule(delayMs: number, label: string, task: () => void | Promise<void>): TimerHandle {
    let native: NodeJS.Timeout | undefined;
    let remainingMs = checkedDelayMs(delayMs, label);
    const arm = (): void => {
      if (remainingMs > LONGEST_NATIVE_DELAY_MS) {
        remainingMs -= LONGEST_NATIVE_DELAY_MS;
        native = setTimeout(arm, LONGEST_NATIVE_DELAY_MS);
        return;
      }
      // A rejected task is left unhandled on purpose: the process then ends with its error.
      native = setTimeout(() => void task(), remainingMs);
    };
    arm();
    return { cancel: () => clearTimeout(native) };
  }

  return {
    kind: 'real',
    now: () => Date.now(),
    elapsed: () => performance.now() - startedAt,
    sleep: (delayMs, options) => sleepOn(schedule, delayMs, options),
    schedule,
  };
}
