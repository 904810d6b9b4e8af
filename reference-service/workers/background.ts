/**
 * Background: work that outlives the request that began it. Everything goes through the
 * clock, so that a virtual clock sees it, and nothing of it survives `stop`.
 *
 * A task that fails is logged, not thrown: what it left undone has a due time in the database
 * and the worker finds it.
 */
import { messageOf, type Clock, type TimerHandle } from '../../kernel/index.ts';
import type { Background as BackgroundPort } from '../application/context.ts';

export class Background implements BackgroundPort {
  readonly #clock: Clock;
  readonly #log: (line: Record<string, unknown>) => void;
  readonly #waiting = new Set<TimerHandle>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor({ clock, log }: { clock: Clock; log: (line: Record<string, unknown>) => void }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Runs `task` after `delayMs`; after `stop` nothing is accepted. */
  later(delayMs: number, label: string, task: () => Promise<void>): TimerHandle {
    if (this.#stopped) return { cancel: () => undefined };
    const handle = this.#clock.schedule(delayMs, label, () => {
      this.#waiting.delete(handle);
      const work = this.#guard(label, task);
      this.#running.add(work);
      return work.finally(() => this.#running.delete(work));
    });
    this.#waiting.add(handle);
    return {
      cancel: () => {
        this.#waiting.delete(handle);
        handle.cancel();
      },
    };
  }

  async #guard(label: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      const stack = error instanceof Error ? error.stack : undefined;
      this.#log({
        level: 'error',
        msg: 'background work failed',
        label,
        error: messageOf(error),
        stack: stack ?? null,
      });
    }
  }

  /** Cancels what waits and resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const handle of this.#waiting) handle.cancel();
    this.#waiting.clear();
    await Promise.all(this.#running);
  }
}
