/**
 * Manual clock: moves only when told to. For unit tests of code that takes a clock, without
 * accounting: `advance` gives woken code two turns of the event loop, no more.
 * Work that waits on sockets or a database belongs on the virtual clock.
 */
import type { Clock, TimerHandle } from './clock.ts';
import { eventLoopTurn } from './event-loop-turn.ts';
import { checkedDelayMs, sleepOn, toMicrosecond } from './sleep.ts';
import { TimerQueue } from './timer-queue.ts';

export interface ManualClock extends Clock {
  /** Moves on by `ms` and runs, in order, all that falls due on the way, awaiting each task. */
  advance(ms: number): Promise<void>;
  /** Number of timers that wait. */
  pendingTimers(): number;
}

export function createManualClock(options: { startMs: number }): ManualClock {
  const startMs = Math.floor(options.startMs);
  const queue = new TimerQueue();
  let elapsedMs = 0;

  function schedule(delayMs: number, label: string, task: () => void | Promise<void>): TimerHandle {
    const dueMs = toMicrosecond(elapsedMs + checkedDelayMs(delayMs, label));
    return { cancel: queue.add({ dueMs, label, tie: 0, task }) };
  }

  async function settle(): Promise<void> {
    await eventLoopTurn();
    await eventLoopTurn();
  }

  async function advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new RangeError(`manual clock: cannot advance by ${ms} ms`);
    const targetMs = toMicrosecond(elapsedMs + ms);
    await settle();
    for (let next = queue.peek(); next !== undefined && next.dueMs <= targetMs; next = queue.peek()) {
      queue.pop();
      elapsedMs = next.dueMs;
      await next.task();
      await settle();
    }
    elapsedMs = targetMs;
  }

  return {
    kind: 'manual',
    now: () => startMs + Math.floor(elapsedMs),
    elapsed: () => elapsedMs,
    sleep: (delayMs, sleepOptions) => sleepOn(schedule, delayMs, sleepOptions),
    schedule,
    advance,
    pendingTimers: () => queue.size,
  };
}
