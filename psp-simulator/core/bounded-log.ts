/** A list that forgets its oldest entries; each entry has a number that only grows, to page by. */
export class BoundedLog<T extends { readonly seq: number }> {
  readonly #limit: number;
  #entries: T[] = [];
  #next = 1;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** `make` gets the entry's number. Trims in halves, so that adding stays cheap. */
  add(make: (seq: number) => T): T {
    const entry = make(this.#next);
    this.#next += 1;
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit * 2) this.#entries = this.#entries.slice(-this.#limit);
    return entry;
  }

  /** Entries with a number greater than `after`, oldest first, at most `limit`. */
  list(options: { after?: number; limit?: number } = {}): T[] {
    const { after = 0, limit = this.#limit } = options;
    return this.#entries
      .slice(-this.#limit)
      .filter((entry) => entry.seq > after)
      .slice(0, limit);
  }

  clear(): void {
    this.#entries = [];
  }
}
