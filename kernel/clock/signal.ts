/**
 * Signal: "something happened, look again". Wakes those who wait now and remembers nothing,
 * so a waiter checks its condition before each wait. For long polls and idle workers.
 */
import type { Activity } from './activity.ts';
import type { Clock } from './clock.ts';

export interface SignalWaitOptions {
  clock: Clock;
  /** Milliseconds of the clock; Infinity waits without a timer. */
  timeoutMs: number;
  /** The waiter's token is parked meanwhile. */
  activity: Activity;
  /** Ends the wait early; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** What waits, for the timer listing. */
  label?: string;
}

export class Signal {
  readonly #wakers = new Set<() => void>();

  /** Number of those who wait now. */
  get waiting(): number {
    return this.#wakers.size;
  }

  /** Wakes everyone who waits now, in the order in which they began. */
  notify(): void {
    const wakers = [...this.#wakers];
    this.#wakers.clear();
    for (const wake of wakers) wake();
  }

  /** Resolves at the next `notify`, or after `timeoutMs`; leaves neither timer nor listener behind. */
  wait(options: SignalWaitOptions): Promise<'notified' | 'timeout'> {
    const { clock, timeoutMs, activity, signal, label = 'signal' } = options;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    const outcome = new Promise<'notified' | 'timeout'>((resolve, reject) => {
      const leave = (): void => {
        timer?.cancel();
        this.#wakers.delete(wake);
        signal?.removeEventListener('abort', onAbort);
      };
      const wake = (): void => {
        leave();
        resolve('notified');
      };
      const onAbort = (): void => {
        leave();
        reject(signal?.reason);
      };
      const onTimeout = (): void => {
        leave();
        resolve('timeout');
      };
      const timer = timeoutMs === Infinity ? undefined : clock.schedule(timeoutMs, label, onTimeout);
      this.#wakers.add(wake);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
    return activity.parked(outcome);
  }
}
