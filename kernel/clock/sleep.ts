/**
 * Sleep, built once on `schedule` for every clock, so that early endings (an AbortSignal)
 * cancel the timer and leave no listener behind in all of them.
 */
import type { SleepOptions, TimerHandle } from './clock.ts';

type Schedule = (delayMs: number, label: string, task: () => void) => TimerHandle;

/** Resolves after `delayMs`; rejects with the signal's reason when it aborts first. */
export function sleepOn(schedule: Schedule, delayMs: number, options: SleepOptions = {}): Promise<void> {
  const { signal, label = 'sleep' } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = schedule(delayMs, label, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** A delay that a clock accepts: not negative (negative counts as zero) and a number. */
export function checkedDelayMs(delayMs: number, label: string): number {
  if (Number.isNaN(delayMs)) throw new RangeError(`clock: the delay of "${label}" is not a number`);
  return Math.max(0, delayMs);
}

/** Rounds to the microsecond, the resolution of clocks and histories. */
export function toMicrosecond(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
