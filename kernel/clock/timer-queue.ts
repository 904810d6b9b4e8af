/**
 * Timer queue: the owned timers of a clock, earliest first.
 *
 * A binary min-heap in which every entry knows its place, so that a cancelled timer leaves
 * at once and the heap never holds more than the timers that can still fire.
 * Order: due time, then the tie draw (0 where ties are not drawn), then order of arrival.
 */
import type { TimerHandle } from './clock.ts';

export interface QueuedTimer {
  /** Milliseconds since the clock began; microsecond resolution. */
  readonly dueMs: number;
  readonly label: string;
  /** Draw in [0, 1) that orders timers due at the same instant. */
  readonly tie: number;
  readonly task: () => void | Promise<void>;
}

/** Place of an entry that is no longer in the heap. */
const REMOVED = -1;

/** Its own handle and no closure: a simulator under load has hundreds of thousands of timers. */
class Entry implements QueuedTimer, TimerHandle {
  readonly dueMs: number;
  readonly label: string;
  readonly tie: number;
  readonly task: () => void | Promise<void>;
  readonly sequence: number;
  place = REMOVED;
  readonly #queue: TimerQueue;

  constructor(queue: TimerQueue, { dueMs, label, tie, task }: QueuedTimer, sequence: number) {
    this.dueMs = dueMs;
    this.label = label;
    this.tie = tie;
    this.task = task;
    this.sequence = sequence;
    this.#queue = queue;
  }

  /** Harmless when it has fired. */
  cancel(): void {
    this.#queue.remove(this);
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  if (a.dueMs !== b.dueMs) return a.dueMs < b.dueMs;
  if (a.tie !== b.tie) return a.tie < b.tie;
  return a.sequence < b.sequence;
}

export class TimerQueue {
  readonly #heap: Entry[] = [];
  #nextSequence = 0;
  readonly #emptied: () => void;

  /** `emptied` is called whenever the last timer has left. */
  constructor(emptied: () => void = () => {}) {
    this.#emptied = emptied;
  }

  get size(): number {
    return this.#heap.length;
  }

  add(timer: QueuedTimer): TimerHandle {
    const entry = new Entry(this, timer, this.#nextSequence);
    this.#nextSequence += 1;
    entry.place = this.#heap.length;
    this.#heap.push(entry);
    this.#siftUp(entry);
    return entry;
  }

  peek(): QueuedTimer | undefined {
    return this.#heap[0];
  }

  pop(): QueuedTimer | undefined {
    const first = this.#heap[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Does nothing when it is not in the queue any more. */
  remove(entry: Entry): void {
    if (entry.place === REMOVED) return;
    const hole = entry.place;
    const last = this.#heap.pop();
    entry.place = REMOVED;
    if (last !== undefined && last !== entry) {
      this.#put(last, hole);
      this.#siftUp(last);
      this.#siftDown(last);
    }
    if (this.#heap.length === 0) this.#emptied();
  }

  #put(entry: Entry, place: number): void {
    this.#heap[place] = entry;
    entry.place = place;
  }

  #siftUp(entry: Entry): void {
    while (entry.place > 0) {
      const parentPlace = (entry.place - 1) >> 1;
      const parent = this.#heap[parentPlace];
      if (parent === undefined || !isBefore(entry, parent)) return;
      this.#put(parent, entry.place);
      this.#put(entry, parentPlace);
    }
  }

  #siftDown(entry: Entry): void {
    for (;;) {
      const left = this.#heap[entry.place * 2 + 1];
      const right = this.#heap[entry.place * 2 + 2];
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, entry)) return;
      const childPlace = child.place;
      this.#put(child, entry.place);
      this.#put(entry, childPlace);
    }
  }
}
