/**
 * Virtual clock: time jumps to the next owned timer as soon as nothing is in flight.
 *
 *   quiesce ──► stop asked for? ──► pop earliest timer ──► set now ──► run it under a token ─┐
 *      ▲                                                                                    │
 *      └────────────────────────────────────────────────────────────────────────────────────┘
 *
 * Quiescence is accounting, not guessing: no token of the activity counts, and two real turns
 * of the event loop pass without a change. Only timers made through this clock are driven;
 * global timers (PGlite has some) are left to themselves.
 */
import type { Random } from '../random/random.ts';
import type { TrackedActivity } from './activity.ts';
import type { Clock, TimerHandle } from './clock.ts';
import { eventLoopTurn } from './event-loop-turn.ts';
import { checkedDelayMs, sleepOn, toMicrosecond } from './sleep.ts';
import { TimerQueue } from './timer-queue.ts';

/** A run that shows no sign of life for this long (wall time) is stuck, not slow: queries take milliseconds. */
const DEFAULT_STALL_MS = 10_000;

/** More timers than this at one instant is a loop of zero delays: no honest run comes near. */
const MOST_TIMERS_AT_ONE_INSTANT = 1_000_000;

export interface VirtualRunOptions {
  /** Stop before the first timer due later than this epoch millisecond, with the clock set to it. */
  untilMs?: number;
  /** Asked whenever nothing is in flight; true stops the run. */
  until?: () => boolean;
  /** Wall milliseconds without any change after which held tokens are reported; default 10,000. */
  stallMs?: number;
}

export interface VirtualClock extends Clock {
  /**
   * Lets time pass. `idle`: no timer is left (the clock then stands at `untilMs` if one was
   * given); `until`: the condition holds; `time`: `untilMs` is reached.
   * Rejects with the error of a task that failed, or with a ClockStalledError.
   */
  run(options?: VirtualRunOptions): Promise<'idle' | 'until' | 'time'>;
  /** Number of timers that wait. */
  pendingTimers(): number;
}

/** Work in flight never came to rest; `labels` says which. */
export class ClockStalledError extends Error {
  readonly labels: readonly string[];
  constructor(reason: string, labels: readonly string[]) {
    super(`the virtual clock cannot move: ${reason}: ${labels.join(', ')}`);
    this.name = 'ClockStalledError';
    this.labels = labels;
  }
}

export interface VirtualClockOptions {
  /** Epoch millisecond at which virtual time begins. */
  startMs: number;
  activity: TrackedActivity;
  /** Draws the order of timers due at the same instant, keyed by label and due time. Without it: order of arrival. */
  random?: Random;
}

export function createVirtualClock(options: VirtualClockOptions): VirtualClock {
  const { activity, random } = options;
  const startMs = Math.floor(options.startMs);
  const queue = new TimerQueue();
  let elapsedMs = 0;
  let timersAtThisInstant = 0;
  let running = false;
  let failure: { error: unknown } | undefined;

  function schedule(delayMs: number, label: string, task: () => void | Promise<void>): TimerHandle {
    const dueMs = toMicrosecond(elapsedMs + checkedDelayMs(delayMs, label));
    const tie = random === undefined ? 0 : random.unit('clock-tie', label, dueMs);
    const timer = queue.add({ dueMs, label, tie, task });
    activity.touch();
    return timer;
  }

  function fire(label: string, task: () => void | Promise<void>): void {
    activity.detached(label, task).catch((error: unknown) => {
      failure ??= { error };
      activity.touch();
    });
  }

  async function changeOrStall(stallMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const stalled = new Promise<'stalled'>((resolve) => {
      timer = setTimeout(() => resolve('stalled'), stallMs);
    });
    const outcome = await Promise.race([activity.changed(), stalled]);
    clearTimeout(timer);
    if (outcome === 'stalled') {
      throw new ClockStalledError(
        `for ${stallMs} ms of wall time nothing changed and this work neither ended nor waited on the clock`,
        activity.counting(),
      );
    }
  }

  async function quiesce(stallMs: number): Promise<void> {
    for (;;) {
      if (failure !== undefined) return;
      if (activity.counting().length > 0) {
        // One turn first: most work ends within it, and a turn is cheaper than a timer.
        const before = activity.changes();
        await eventLoopTurn();
        if (activity.changes() === before) await changeOrStall(stallMs);
        continue;
      }
      const before = activity.changes();
      await eventLoopTurn();
      await eventLoopTurn();
      if (activity.changes() === before) return;
    }
  }

  function moveTo(dueMs: number, label: string): void {
    timersAtThisInstant = dueMs > elapsedMs ? 0 : timersAtThisInstant + 1;
    elapsedMs = Math.max(elapsedMs, dueMs);
    if (timersAtThisInstant > MOST_TIMERS_AT_ONE_INSTANT) {
      throw new ClockStalledError('timers without a delay follow each other without end', [label]);
    }
  }

  async function advance(runOptions: VirtualRunOptions): Promise<'idle' | 'until' | 'time'> {
    const { untilMs = Infinity, until, stallMs = DEFAULT_STALL_MS } = runOptions;
    const lastMs = untilMs - startMs;
    for (;;) {
      await quiesce(stallMs);
      if (failure !== undefined) {
        const { error } = failure;
        failure = undefined;
        throw error;
      }
      if (until?.() === true) return 'until';
      const next = queue.peek();
      if (next === undefined || next.dueMs > lastMs) {
        if (Number.isFinite(lastMs)) elapsedMs = Math.max(elapsedMs, lastMs);
        return next === undefined ? 'idle' : 'time';
      }
      queue.pop();
      moveTo(next.dueMs, next.label);
      fire(next.label, next.task);
    }
  }

  async function run(runOptions: VirtualRunOptions = {}): Promise<'idle' | 'until' | 'time'> {
    if (running) throw new Error('virtual clock: run() was called while another run() is under way');
    running = true;
    try {
      return await advance(runOptions);
    } finally {
      running = false;
    }
  }

  return {
    kind: 'virtual',
    now: () => startMs + Math.floor(elapsedMs),
    elapsed: () => elapsedMs,
    sleep: (delayMs, sleepOptions) => activity.parked(sleepOn(schedule, delayMs, sleepOptions)),
    schedule,
    run,
    pendingTimers: () => queue.size,
  };
}
