/**
 * Batches: what waits at the same time is done together. Nothing is ever held back for others to
 * come: a call that finds a free place goes at once, alone; calls that come while all places are
 * taken wait, and go together when one is free.
 *
 * A batch succeeds or fails as a whole, so when one fails its calls are repeated one by one, and
 * only the guilty fails.
 */

/** More in one statement gain nothing, and all wait for the last. */
const MOST_TOGETHER = 64;

/** While the database works on one batch, the next is on its way. */
const PLACES = 2;

export interface BatchWork<Given, Result> {
  one(given: Given): Promise<Result>;
  /** Results in the order of what was given. */
  many(given: readonly Given[]): Promise<Result[]>;
  /** True for an error after which certainly nothing was done. */
  mayRepeat(error: unknown): boolean;
}

interface Waiting<Given, Result> {
  given: Given;
  lock: string;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export class Batches<Given, Result> {
  readonly #work: BatchWork<Given, Result>;
  #waiting: Waiting<Given, Result>[] = [];
  #running = 0;

  constructor(work: BatchWork<Given, Result>) {
    this.#work = work;
  }

  /** @param lock batches lock in its order, so that two of them do not wait for each other */
  add(given: Given, lock: string): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ given, lock, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#running >= PLACES || this.#waiting.length === 0) return;
    const batch = this.#waiting.splice(0, MOST_TOGETHER);
    batch.sort((a, b) => (a.lock < b.lock ? -1 : a.lock > b.lock ? 1 : 0));
    this.#running += 1;
    void this.#run(batch).finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }

  async #run(batch: readonly Waiting<Given, Result>[]): Promise<void> {
    if (batch.length > 1) {
      try {
        const results = await this.#work.many(batch.map(({ given }) => given));
        for (const [place, { resolve }] of batch.entries()) resolve(results[place] as Result);
        return;
      } catch (error) {
        if (!this.#work.mayRepeat(error)) {
          for (const { reject } of batch) reject(error);
          return;
        }
      }
    }
    for (const { given, resolve, reject } of batch) await this.#work.one(given).then(resolve, reject);
  }
}
