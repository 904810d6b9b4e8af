/**
 * What one run remembers of its history: the newest events, for export, while every event goes on
 * to the sink that the run was given. It can be shut: once a run is closed, what is still under
 * way (a delivery that times out, a connection that breaks) ends silently instead of writing
 * into a run that is over.
 */
import type { Clock, HistoryEvent, HistoryEventInput, HistorySink } from '../../kernel/index.ts';

/** Events kept per run: about an hour of a busy test bench, and some 10 MB. */
const EVENTS_KEPT = 20_000;

/** Index that a shut history answers: no event has it, and nobody reads it any more. */
const NOWHERE = -1;

/** An event, numbered as the run's own history numbers it. */
export interface KeptEvent extends HistoryEvent {
  /** To page by; from 1. */
  readonly seq: number;
}

export interface RunHistory {
  readonly sink: HistorySink;
  /** Events with a greater `seq`, oldest first. */
  list(options: { after?: number; limit?: number }): KeptEvent[];
  /** Events so far, those that were dropped included. */
  count(): number;
  /** Wall milliseconds (of `wireClock`) of the last request that a PSP of this run took. */
  lastRequestMs(): number;
  clear(): void;
  shut(): void;
}

export interface RunHistoryOptions {
  clock: Clock;
  wireClock: Clock;
  /** Takes every event too, and gives the indices by which causes are named. */
  forward: HistorySink | null;
}

export function createRunHistory({ clock, wireClock, forward }: RunHistoryOptions): RunHistory {
  const kept = new KeptEvents();
  const beganMs = clock.elapsed();
  let events = 0;
  let lastRequestMs = wireClock.now();
  let open = true;

  function append(event: HistoryEventInput): number {
    if (!open) return NOWHERE;
    const i = forward?.append(event) ?? events;
    events += 1;
    if (event.type === 'recv') lastRequestMs = wireClock.now();
    const t = Math.round((clock.elapsed() - beganMs) * 1_000) / 1_000;
    kept.add(event, i, t);
    return i;
  }

  return {
    sink: { append },
    list: (options) => kept.list(options),
    count: () => events,
    lastRequestMs: () => lastRequestMs,
    clear: () => kept.clear(),
    shut: () => {
      open = false;
    },
  };
}

/**
 * The newest events as they came: one is copied when somebody asks for it, not when it happens.
 * Three lists side by side instead of an object for each: a busy PSP writes tens of thousands a second.
 */
class KeptEvents {
  #events: HistoryEventInput[] = [];
  #indices: number[] = [];
  #times: number[] = [];
  /** `seq` of the first of the lists. */
  #first = 1;

  add(event: HistoryEventInput, i: number, t: number): void {
    this.#events.push(event);
    this.#indices.push(i);
    this.#times.push(t);
    // In halves, so that adding stays cheap.
    if (this.#events.length > EVENTS_KEPT * 2) this.#drop(this.#events.length - EVENTS_KEPT);
  }

  list({ after = 0, limit = EVENTS_KEPT }: { after?: number; limit?: number } = {}): KeptEvent[] {
    const oldest = Math.max(0, this.#events.length - EVENTS_KEPT);
    const from = Math.max(oldest, after + 1 - this.#first);
    const [indices, times] = [this.#indices, this.#times];
    return this.#events.slice(from, from + limit).map((event, offset) => {
      const place = from + offset;
      return { seq: this.#first + place, i: indices[place] ?? NOWHERE, t: times[place] ?? 0, ...event };
    });
  }

  clear(): void {
    this.#drop(this.#events.length);
  }

  #drop(count: number): void {
    this.#events = this.#events.slice(count);
    this.#indices = this.#indices.slice(count);
    this.#times = this.#times.slice(count);
    this.#first += count;
  }
}
