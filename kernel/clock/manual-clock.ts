/**
 * Manual clock: moves only when told to. For unit tests of code that takes a clock.
 *
 * `advance` lets each task end, or reach a sleep on this clock, before the next one runs.
 * A task that waits on something else (a signal, a socket) is given some turns of the event
 * loop and is then left behind, unless `waitForTasks` asks to wait for as long as it takes.
 * Where nothing at all may be left behind, use the virtual clock.
 */
import type { Clock, TimerHandle } from './clock.ts';
import { eventLoopTurn } from './event-loop-turn.ts';
import { checkedDelayMs, sleepOn, toMicrosecond } from './sleep.ts';
import { TimerQueue } from './timer-queue.ts';
import { createActivity } from './tracked-activity.ts';

/** Turns given to a task that neither ends nor sleeps: an in-process database answers in far fewer. */
const MOST_TURNS_PER_TASK = 100;

export interface ManualClock extends Clock {
  /**
   * Moves on by `ms` milliseconds and runs, in order, all that falls due on the way.
   * Rejects with the error of a task that failed since the last call.
   */
  advance(ms: number): Promise<void>;
  /** Number of timers that wait. */
  pendingTimers(): number;
}

export interface ManualClockOptions {
  /** Epoch millisecond at which the clock stands at first. */
  startMs: number;
  /** Wait until each task ends or sleeps on this clock, over real sockets too. A task must then not wait for a later one. */
  waitForTasks?: boolean;
}

export function createManualClock(options: ManualClockOptions): ManualClock {
  const startMs = Math.floor(options.startMs);
  const { waitForTasks = false } = options;
  const queue = new TimerQueue();
  const activity = createActivity();
  const failures: unknown[] = [];
  let elapsedMs = 0;

  function schedule(delayMs: number, label: string, task: () => void | Promise<void>): TimerHandle {
    const dueMs = toMicrosecond(elapsedMs + checkedDelayMs(delayMs, label));
    return queue.add({ dueMs, label, tie: 0, task });
  }

  async function settle(): Promise<void> {
    await eventLoopTurn();
    await eventLoopTurn();
    if (waitForTasks) while (activity.counting().length > 0) await activity.changed();
    else
      for (let turn = 0; turn < MOST_TURNS_PER_TASK && activity.counting().length > 0; turn += 1) await eventLoopTurn();
    if (failures.length > 0) throw failures.shift();
  }

  async function advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new RangeError(`manual clock: cannot advance by ${ms} ms`);
    const targetMs = toMicrosecond(elapsedMs + ms);
    await settle();
    for (let next = queue.peek(); next !== undefined && next.dueMs <= targetMs; next = queue.peek()) {
      queue.pop();
      elapsedMs = Math.max(elapsedMs, next.dueMs);
      activity.detached(next.label, next.task).catch((error: unknown) => failures.push(error));
      await settle();
    }
    elapsedMs = targetMs;
  }

  return {
    kind: 'manual',
    now: () => startMs + Math.floor(elapsedMs),
    elapsed: () => elapsedMs,
    sleep: (delayMs, sleepOptions) => activity.parked(sleepOn(schedule, delayMs, sleepOptions)),
    schedule,
    advance,
    pendingTimers: () => queue.size,
  };
}
