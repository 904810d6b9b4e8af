/**
 * A map that forgets its oldest entries, so that a long run stays within its memory. It keeps
 * two generations: entries go into the young one, and when that is full it becomes the old one
 * and the old one is dropped whole. At least `limit` and at most twice as many of the newest
 * entries are known. Nothing is removed one by one: a `Map` from which the oldest entries are
 * deleted gets slower with every gap at its front.
 */
export class BoundedMap<V> {
  readonly #limit: number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): V | undefined {
    const value = this.#young.get(key);
    return value !== undefined || this.#old.size === 0 ? value : this.#old.get(key);
  }

  /** The entry is the newest now. */
  set(key: string, value: V): void {
    if (this.#young.size >= this.#limit && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  /** Entries that are known; one that was set again counts twice while its first value is in the old generation. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Drops every entry that `isOver`. Looks at all of them. */
  sweep(isOver: (value: V) => boolean): void {
    for (const generation of [this.#young, this.#old])
      for (const [key, value] of generation) if (isOver(value)) generation.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
