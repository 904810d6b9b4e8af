/**
 * Change board: wakes the long polls of this process when a payment changes. A hint only: the
 * waiter looks at the database, where other processes write too.
 */
import { Signal, type Activity, type Clock } from '../../kernel/index.ts';

export class ChangeBoard {
  readonly #clock: Clock;
  readonly #activity: Activity;
  readonly #signals = new Map<string, Signal>();
  #closed = false;

  constructor({ clock, activity }: { clock: Clock; activity: Activity }) {
    this.#clock = clock;
    this.#activity = activity;
  }

  /** The service stops: nobody may wait any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Resolves when the subject changes here, or after `timeoutMs`. */
  async wait(subjectId: string, timeoutMs: number): Promise<void> {
    if (this.#closed) return;
    const signal = this.#signals.get(subjectId) ?? new Signal();
    this.#signals.set(subjectId, signal);
    await signal.wait({ clock: this.#clock, activity: this.#activity, timeoutMs, label: `long-poll:${subjectId}` });
    if (signal.waiting === 0) this.#signals.delete(subjectId);
  }

  changed(subjectId: string): void {
    this.#signals.get(subjectId)?.notify();
  }

  /** Wakes everybody, when the service stops. */
  close(): void {
    this.#closed = true;
    for (const signal of this.#signals.values()) signal.notify();
    this.#signals.clear();
  }
}
