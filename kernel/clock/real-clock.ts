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
    return new NativeTimer(checkedDelayMs(delayMs, label), task);
  }

  return {
    kind: 'real',
    now: () => Date.now(),
    elapsed: () => performance.now() - startedAt,
    sleep: (delayMs, options) => sleepOn(schedule, delayMs, options),
    schedule,
  };
}

/** One object per timer and no closure: a simulator under load has hundreds of thousands of them. */
class NativeTimer implements TimerHandle {
  #native: NodeJS.Timeout;

  constructor(delayMs: number, task: () => void | Promise<void>) {
    this.#native = this.#arm(delayMs, task);
  }

  cancel(): void {
    clearTimeout(this.#native);
  }

  /** A rejected task is left unhandled on purpose: the process then ends with its error. */
  #arm(delayMs: number, task: () => void | Promise<void>): NodeJS.Timeout {
    if (delayMs <= LONGEST_NATIVE_DELAY_MS) return setTimeout(task, delayMs);
    return setTimeout(() => {
      this.#native = this.#arm(delayMs - LONGEST_NATIVE_DELAY_MS, task);
    }, LONGEST_NATIVE_DELAY_MS);
  }
}
