/**
 * The runs of one process: the first, which lives as long as the simulator, and those that the
 * control API opens and ends. There is a limit, because each run listens on ports of its own; a
 * run that nobody uses can end by itself, because a test that crashed does not say goodbye.
 */
import type { Clock, TimerHandle } from '../../kernel/index.ts';
import type { Run } from './run.ts';

/** The run that is there from the start. */
export const FIRST_RUN = 'default';

/** Runs beside the first: more than a build machine has workers; with seven PSPs some 700 ports. */
export const MOST_RUNS = 100;

export interface OpenRun {
  readonly run: Run;
  /** Milliseconds without a request after which it ends by itself; null: never. */
  readonly idleMs: number | null;
  /** Milliseconds of the wire clock. */
  readonly lastUsedMs: number;
}

interface Entry {
  run: Run;
  idleMs: number | null;
  controlledMs: number;
  timer: TimerHandle | undefined;
}

/** Why a run cannot be opened. */
export class RunRefused extends Error {}

export class Runs {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #entries = new Map<string, Entry>();
  /** Ids that are being opened: two requests for one id must not both succeed. */
  readonly #opening = new Set<string>();
  #numbered = 0;
  #closed = false;

  constructor(first: Run, options: { wireClock: Clock; most: number }) {
    this.#clock = options.wireClock;
    this.#most = options.most;
    this.#entries.set(first.id, this.#entry(first, null));
  }

  /** Opens a run by `open`. Throws a RunRefused when the id is taken or the limit reached. */
  async open(id: string | undefined, idleMs: number | null, open: (id: string) => Promise<Run>): Promise<OpenRun> {
    const chosen = id ?? this.#nextId();
    if (this.#entries.has(chosen) || this.#opening.has(chosen))
      throw new RunRefused(`There is a run ${JSON.stringify(chosen)} already; end it with DELETE /v1/runs/${chosen}`);
    if (this.#entries.size - 1 + this.#opening.size >= this.#most)
      throw new RunRefused(
        `${this.#most} runs are open, and there may be no more; end one with DELETE /v1/runs/{run_id}`,
      );
    this.#opening.add(chosen);
    try {
      const entry = this.#entry(await open(chosen), idleMs);
      if (this.#closed) {
        await entry.run.close();
        throw new RunRefused('The simulator is being stopped');
      }
      this.#entries.set(chosen, entry);
      this.#watch(entry);
      return this.#shown(entry);
    } finally {
      this.#opening.delete(chosen);
    }
  }

  list(): OpenRun[] {
    return [...this.#entries.values()].map((entry) => this.#shown(entry));
  }

  find(id: string): OpenRun | undefined {
    const entry = this.#entries.get(id);
    return entry === undefined ? undefined : this.#shown(entry);
  }

  /** Somebody steered the run: it is in use. */
  touch(id: string): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.controlledMs = this.#clock.now();
  }

  /** Ends a run; false when there is none of this id. The first run is not ended this way. */
  async end(id: string): Promise<boolean> {
    const entry = this.#entries.get(id);
    if (entry === undefined || id === FIRST_RUN) return false;
    this.#entries.delete(id);
    entry.timer?.cancel();
    await entry.run.close();
    return true;
  }

  async closeAll(): Promise<void> {
    this.#closed = true;
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const entry of entries) entry.timer?.cancel();
    await Promise.all(entries.map((entry) => entry.run.close()));
  }

  #entry(run: Run, idleMs: number | null): Entry {
    return { run, idleMs, controlledMs: this.#clock.now(), timer: undefined };
  }

  #shown({ run, idleMs, controlledMs }: Entry): OpenRun {
    return { run, idleMs, lastUsedMs: Math.max(controlledMs, run.history.lastRequestMs()) };
  }

  /** Looks again when the run could have been idle for long enough, and ends it if it was. */
  #watch(entry: Entry): void {
    const { idleMs } = entry;
    if (idleMs === null) return;
    const leftMs = this.#shown(entry).lastUsedMs + idleMs - this.#clock.now();
    entry.timer = this.#clock.schedule(Math.max(0, leftMs), `run ${entry.run.id} idle`, async () => {
      if (this.#shown(entry).lastUsedMs + idleMs > this.#clock.now()) this.#watch(entry);
      else await this.end(entry.run.id);
    });
  }

  #nextId(): string {
    do this.#numbered += 1;
    while (this.#entries.has(`run-${this.#numbered}`) || this.#opening.has(`run-${this.#numbered}`));
    return `run-${this.#numbered}`;
  }
}
