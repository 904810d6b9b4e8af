/**
 * Real clock: the wall clock of the process. One of the few files that may touch
 * `Date.now`, `performance.now` and timers.
 *
 * Its timers wait in a queue of its own, and one timer of Node's fires at the earliest of them:
 * a simulator under load has hundreds of thousands, and one of Node's is several objects.
 */
import type { Clock, TimerHandle } from './clock.ts';
import { checkedDelayMs, sleepOn } from './sleep.ts';
import { TimerQueue } from './timer-queue.ts';

/** Longer delays overflow the 32-bit timers of Node and would fire at once; they are chained. */
const LONGEST_NATIVE_DELAY_MS = 2 ** 31 - 1;

/** Node's timers count whole milliseconds and may fire so much early. */
const NATIVE_RESOLUTION_MS = 1;

export function createRealClock(): Clock {
  const startedAt = performance.now();
  const queue = new TimerQueue(disarm);
  /** Node's timer, and when it fires. */
  let native: { timer: NodeJS.Timeout; dueMs: number } | undefined;

  const elapsed = (): number => performance.now() - startedAt;

  function schedule(delayMs: number, label: string, task: () => void | Promise<void>): TimerHandle {
    const dueMs = elapsed() + checkedDelayMs(delayMs, label);
    // Nobody reads the labels of a real clock's timers.
    const timer = queue.add({ dueMs, label: '', tie: 0, task });
    if (native === undefined || dueMs < native.dueMs) arm(dueMs);
    return timer;
  }

  function arm(dueMs: number): void {
    clearTimeout(native?.timer);
    const delayMs = Math.min(Math.max(dueMs - elapsed(), 0), LONGEST_NATIVE_DELAY_MS);
    native = { timer: setTimeout(fire, delayMs), dueMs };
  }

  /** Nothing is left to wait for: the process may end. */
  function disarm(): void {
    clearTimeout(native?.timer);
    native = undefined;
  }

  /** A task that fails is left alone on purpose, sync or async: the process then ends with its error. */
  function fire(): void {
    native = undefined;
    const untilMs = elapsed() + NATIVE_RESOLUTION_MS;
    try {
      for (let next = queue.peek(); next !== undefined && next.dueMs <= untilMs; next = queue.peek()) {
        queue.pop();
        void next.task();
      }
    } finally {
      const next = queue.peek();
      if (next !== undefined) arm(next.dueMs);
    }
  }

  return {
    kind: 'real',
    now: () => Date.now(),
    elapsed,
    sleep: (delayMs, options) => sleepOn(schedule, delayMs, options),
    schedule,
  };
}
