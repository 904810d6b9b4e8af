/**
 * Clock: the only source of time in Assay.
 *
 * Four kinds implement this one interface (see the files beside this one):
 * real, scaled (simulated time runs `factor` times faster than the wall), manual
 * (moves only when told to) and virtual (jumps to the next owned timer as soon as
 * accounting shows that nothing is in flight).
 *
 * No other module may touch `Date.now`, `new Date()` without an argument, or timers.
 */

/** A timer that its owner can cancel. Cancelling twice is harmless. */
export interface TimerHandle {
  cancel(): void;
}

export interface SleepOptions {
  /** Ends the sleep early; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** What waits, for stall reports and the timer listing: `courier:evt_1:attempt-2`. */
  label?: string;
}

export interface Clock {
  readonly kind: 'real' | 'scaled' | 'manual' | 'virtual';

  /** Milliseconds since the Unix epoch, an integer. */
  now(): number;

  /** Monotonic milliseconds since this clock was made; may have a fraction. */
  elapsed(): number;

  /** Resolves after `delayMs` milliseconds of this clock. Zero still yields once. */
  sleep(delayMs: number, options?: SleepOptions): Promise<void>;

  /**
   * Runs `task` after `delayMs` milliseconds of this clock. The task may be asynchronous;
   * a virtual clock does not move before it has settled or is itself parked. A task that
   * throws ends the run with its error: a failure in the background is never swallowed.
   */
  schedule(delayMs: number, label: string, task: () => void | Promise<void>): TimerHandle;
}

/** ISO 8601 text, UTC, with milliseconds, for an instant of a clock. */
export function isoTime(epochMs: number): string {
  if (epochMs !== latest.epochMs) latest = { epochMs, text: new Date(epochMs).toISOString() };
  return latest.text;
}

/** One payment says the same instant several times, and the text costs more than the rest of its line. */
let latest = { epochMs: Number.NaN, text: '' };
