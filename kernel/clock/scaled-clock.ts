/**
 * Scaled clock: simulated time runs `factor` times faster than the base clock, so that
 * a retry schedule of three days passes in a minute over real sockets.
 *
 * Delays never shrink below `floorMs` of wall time (zero stays zero): a receiver needs some
 * real milliseconds to answer, and a schedule compressed to nothing would test nothing.
 */
import type { Clock } from './clock.ts';
import { createRealClock } from './real-clock.ts';
import { checkedDelayMs } from './sleep.ts';

export interface ScaledClockOptions {
  /** Simulated milliseconds per wall millisecond; 1 or more. */
  factor: number;
  /** Shortest wall delay, in milliseconds, of any delay that is not zero. */
  floorMs: number;
  /** The clock to compress; the default is a new real clock. */
  base?: Clock;
  /**
   * It stands at zero, its time of day that of the base, until `begin()`: what is prepared meanwhile
   * takes real seconds, and these must not count as hours. Without it the clock runs at once.
   */
  held?: boolean;
}

export interface ScaledClock extends Clock {
  /** Lets a held clock run; told again, or to a clock that runs, it changes nothing. */
  begin(): void;
}

/** Throws a RangeError when the factor is below 1 or the floor negative. */
export function createScaledClock(options: ScaledClockOptions): ScaledClock {
  const { factor, floorMs, base = createRealClock(), held = false } = options;
  if (!(factor >= 1)) throw new RangeError(`scaled clock: factor must be 1 or more, not ${factor}`);
  if (!(floorMs >= 0)) throw new RangeError(`scaled clock: floorMs must be 0 or more, not ${floorMs}`);
  let began: { nowMs: number; elapsedMs: number } | undefined;
  const begin = (): void => void (began ??= { nowMs: base.now(), elapsedMs: base.elapsed() });
  if (!held) begin();

  const elapsed = (): number => (began === undefined ? 0 : (base.elapsed() - began.elapsedMs) * factor);
  const toWallMs = (delayMs: number, label: string): number => {
    const checked = checkedDelayMs(delayMs, label);
    return checked === 0 ? 0 : Math.max(floorMs, checked / factor);
  };

  return {
    kind: 'scaled',
    now: () => (began?.nowMs ?? base.now()) + Math.floor(elapsed()),
    elapsed,
    begin,
    sleep: (delayMs, sleepOptions) => base.sleep(toWallMs(delayMs, sleepOptions?.label ?? 'sleep'), sleepOptions),
    schedule: (delayMs, label, task) => base.schedule(toWallMs(delayMs, label), label, task),
  };
}
