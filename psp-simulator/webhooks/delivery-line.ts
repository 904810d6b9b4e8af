/**
 * A line of messages where only the first is tried: while it fails, everything behind it
 * waits, however good its own chances are. So does a PSP that keeps one queue per endpoint.
 */
import type { Clock, TimerHandle } from '../../kernel/index.ts';
import type { Message } from './message.ts';

/** Tries a message once; answers the pause before the next try, or null when it is done with. */
export type TryOnce = (message: Message) => Promise<number | null>;

export class DeliveryLine {
  readonly #clock: Clock;
  readonly #label: string;
  readonly #tryOnce: TryOnce;
  #line: Message[] = [];
  #busy = false;
  #retry: TimerHandle | undefined;

  constructor(clock: Clock, label: string, tryOnce: TryOnce) {
    this.#clock = clock;
    this.#label = label;
    this.#tryOnce = tryOnce;
  }

  /** Joins the line; resolves when nothing more can be done now. */
  async enter(message: Message): Promise<void> {
    this.#line.push(message);
    if (!this.#busy) await this.#work();
  }

  clear(): void {
    this.#retry?.cancel();
    this.#line = [];
    this.#busy = false;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    const line = this.#line;
    for (let head = line[0]; head !== undefined; head = line[0]) {
      const pauseMs = await this.#tryOnce(head);
      // The line was cleared meanwhile: it is no longer ours.
      if (this.#line !== line) return;
      if (pauseMs !== null) {
        this.#retry = this.#clock.schedule(pauseMs, `${this.#label}:line`, () => this.#work());
        return;
      }
      line.shift();
    }
    this.#busy = false;
  }
}
