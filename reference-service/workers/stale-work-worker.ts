/**
 * Worker: completes what is stale. Sleeps until the next piece of work is due (another process
 * may have left it), or until somebody in this process says that it is due earlier.
 *
 *   wake ─► agenda ─► due: start each as background work ─► sleep until the next due time
 */
import type { TimerHandle } from '../../kernel/index.ts';
import { completeWork } from '../application/complete-stale-work.ts';
import type { ServiceContext } from '../application/context.ts';
import { newTrace, runInTrace } from '../observability/trace.ts';
import type { DueWork } from '../ports/stores.ts';
import type { Background } from './background.ts';
import { IdlePause } from './idle-pause.ts';

/** Pieces of work that run side by side: enough to outlast slow PSPs, few enough for the pool of connections. */
const MOST_AT_ONCE = 8;

/** How much of the agenda is read at a time. */
const AGENDA_PAGE = 32;

/** Keys, logs and nonces past their life are removed about this often. */
const REAP_EVERY_MS = 3_600_000;

export class StaleWorkWorker {
  readonly #context: () => ServiceContext;
  readonly #background: Background;
  readonly #busy = new Set<string>();
  #timer: TimerHandle | undefined;
  #wakeAt = Infinity;
  #looking = false;
  #lookAgain = false;
  #idle: IdlePause | undefined;
  /** Since when the look that runs has been running. */
  #lookingSince = Infinity;
  #reapAt = 0;
  /** More was due at the last look than there were places. */
  #backlog = false;

  constructor({ context, background }: { context: () => ServiceContext; background: Background }) {
    this.#context = context;
    this.#background = background;
  }

  start(): void {
    this.#reapAt = this.#context().clock.now() + REAP_EVERY_MS;
    this.#sleepUntil(this.#context().clock.now());
  }

  /** Looks at the agenda at `epochMs` at the latest. */
  wakeAt(epochMs: number): void {
    if (epochMs < this.#wakeAt) this.#sleepUntil(epochMs);
  }

  /** How long a look has been due or running, in milliseconds; a healthy worker is seconds late at most. */
  overdueMs(nowMs: number): number {
    return Math.max(0, nowMs - Math.min(this.#wakeAt, this.#lookingSince));
  }

  #sleepUntil(epochMs: number): void {
    this.#timer?.cancel();
    this.#wakeAt = epochMs;
    const delayMs = Math.max(0, epochMs - this.#context().clock.now());
    this.#timer = this.#background.later(delayMs, 'worker', () => this.#look());
  }

  async #look(): Promise<void> {
    this.#wakeAt = Infinity;
    // One look at a time; whoever asks meanwhile is served by the look that follows.
    this.#lookAgain = this.#looking;
    if (this.#looking) return;
    this.#looking = true;
    this.#lookingSince = this.#context().clock.now();
    const { clock, timings } = this.#context();
    let nextAt = clock.now() + timings.workerIdleMs;
    try {
      nextAt = await this.#beginDueWork();
    } finally {
      this.#looking = false;
      this.#lookingSince = Infinity;
      if (this.#lookAgain) nextAt = clock.now();
      if (nextAt < this.#wakeAt) this.#sleepUntil(nextAt);
    }
  }

  /** Starts what is due and gives the time of the next look. */
  async #beginDueWork(): Promise<number> {
    const { clock, timings, database, stores } = this.#context();
    await this.#reap(clock.now());
    const agenda = await stores.agenda.next(database.autocommit, AGENDA_PAGE);
    const nowMs = clock.now();
    const waiting = agenda.filter((work) => !this.#busy.has(idOf(work)));
    const due = waiting.filter((work) => work.dueAt <= nowMs);
    const places = MOST_AT_ONCE - this.#busy.size;
    this.#backlog = due.length > places;
    for (const work of due.slice(0, places)) this.#begin(work);
    const firstLater = waiting.find((work) => work.dueAt > nowMs);
    return Math.min(
      nowMs + this.#idleMs(timings.workerIdleMs),
      Math.max(firstLater?.dueAt ?? Infinity, nowMs + timings.workerEveryMs),
    );
  }

  #idleMs(longestMs: number): number {
    this.#idle ??= new IdlePause(this.#context().ids, 'worker');
    return this.#idle.nextMs(longestMs);
  }

  #begin(work: DueWork): void {
    this.#busy.add(idOf(work));
    this.#background.later(0, `worker:${idOf(work)}`, async () => {
      try {
        // Its own trace until its payment is known: the timer may have been set by a request that this work has nothing to do with.
        await runInTrace(newTrace(this.#context().ids), () => completeWork(this.#context(), work));
      } finally {
        this.#busy.delete(idOf(work));
        // A place is free, and more may be due.
        const { clock, timings } = this.#context();
        this.wakeAt(clock.now() + (this.#backlog ? 0 : timings.workerEveryMs));
      }
    });
  }

  async #reap(nowMs: number): Promise<void> {
    if (nowMs < this.#reapAt) return;
    this.#reapAt = nowMs + REAP_EVERY_MS;
    const { database, stores, timings } = this.#context();
    await stores.keys.reap(database.autocommit, nowMs);
    await stores.events.reapUntold(database.autocommit, nowMs - timings.untoldEventLifeMs);
    await stores.events.reapTries(database.autocommit, nowMs - timings.eventLogLifeMs);
    await stores.webhooks.reap(database.autocommit, { beforeMs: nowMs - timings.webhookLogLifeMs, nowMs });
  }
}

function idOf(work: DueWork): string {
  return `${work.kind}:${work.psp}:${work.id}`;
}
