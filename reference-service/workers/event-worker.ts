/**
 * Tells the platform what is in the outbox. A lane of its own: a platform that does not answer
 * must not take the places of work about money.
 *
 *   wake ─► claim what is due ─► deliver side by side ─► sleep until more is due
 */
import type { TimerHandle } from '../../kernel/index.ts';
import type { ServiceContext } from '../application/context.ts';
import { deliverEvent } from '../application/deliver-event.ts';
import type { EventEndpoint } from '../application/event-endpoint.ts';
import type { Background } from './background.ts';
import { IdlePause } from './idle-pause.ts';

/** Deliveries that run side by side in this process. */
const MOST_AT_ONCE = 8;

/** A try and writing down its outcome may take so many time-outs, before another process takes the event. */
const LEASE_TIMEOUTS = 3;

export class EventWorker {
  readonly #context: () => ServiceContext;
  readonly #background: Background;
  readonly #endpoint: EventEndpoint;
  #timer: TimerHandle | undefined;
  #wakeAt = Infinity;
  #looking = false;
  #lookAgain = false;
  #running = 0;
  #idle: IdlePause | undefined;

  constructor(options: { context: () => ServiceContext; background: Background; endpoint: EventEndpoint }) {
    this.#context = options.context;
    this.#background = options.background;
    this.#endpoint = options.endpoint;
  }

  /** Something was stored, resumed or replayed here; called after the commit. */
  wake(): void {
    this.#sleepUntil(this.#context().clock.now());
  }

  #sleepUntil(epochMs: number): void {
    if (epochMs >= this.#wakeAt) return;
    this.#timer?.cancel();
    this.#wakeAt = epochMs;
    const delayMs = Math.max(0, epochMs - this.#context().clock.now());
    this.#timer = this.#background.later(delayMs, 'events', () => this.#look());
  }

  async #look(): Promise<void> {
    this.#wakeAt = Infinity;
    // One look at a time; whoever asks meanwhile is served by the look that follows.
    this.#lookAgain = this.#looking;
    if (this.#looking) return;
    this.#looking = true;
    const { clock, timings } = this.#context();
    let nextAt = clock.now() + timings.workerIdleMs;
    try {
      nextAt = await this.#deliverDue();
    } finally {
      this.#looking = false;
      this.#sleepUntil(this.#lookAgain ? clock.now() : nextAt);
    }
  }

  async #deliverDue(): Promise<number> {
    const { clock, timings, database, stores } = this.#context();
    const limit = MOST_AT_ONCE - this.#running;
    // A delivery that ends wakes us.
    if (limit === 0) return Infinity;
    const nowMs = clock.now();
    const claim = {
      url: this.#endpoint.url,
      nowMs,
      leaseUntil: nowMs + LEASE_TIMEOUTS * timings.eventTimeoutMs,
      limit,
    };
    const claimed = await stores.events.claim(database.autocommit, claim);
    for (const event of claimed) {
      this.#running += 1;
      this.#background.later(0, `event:${event.id}`, async () => {
        try {
          await deliverEvent(this.#context(), this.#endpoint, event);
        } finally {
          this.#running -= 1;
          this.#sleepUntil(clock.now());
        }
      });
    }
    if (claimed.length === limit) return Infinity;
    const nextAt = await stores.events.nextAt(database.autocommit, this.#endpoint.url);
    return Math.min(clock.now() + this.#idleMs(timings.workerIdleMs), Math.max(nextAt ?? Infinity, clock.now()));
  }

  /** Another process may have left something behind. */
  #idleMs(longestMs: number): number {
    this.#idle ??= new IdlePause(this.#context().ids, 'event-worker');
    return this.#idle.nextMs(longestMs);
  }
}
