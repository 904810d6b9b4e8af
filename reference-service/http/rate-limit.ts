/**
 * Rate limit of requests that start something, per player: a bucket that refills steadily. In
 * the memory of one process: it protects PSPs and players from a client gone wild, it is no
 * billing.
 */
import { ServiceError } from '../domain/errors.ts';

/** Buckets are swept when there are this many, so that old players cost no memory. */
const MOST_BUCKETS = 10_000;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

export class RateLimit {
  readonly #perMinute: number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param perMinute requests per minute and player, and the size of a burst; Infinity switches the limit off */
  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** @throws ServiceError rate_limited */
  take(player: string, nowMs: number): void {
    if (this.#perMinute === Infinity) return;
    if (this.#buckets.size >= MOST_BUCKETS) this.#sweep(nowMs);
    const tokens = this.#tokensOf(player, nowMs);
    if (tokens < 1) {
      const retryAfterSeconds = Math.ceil(((1 - tokens) * 60) / this.#perMinute);
      throw new ServiceError('rate_limited', `At most ${this.#perMinute} requests per minute and player are taken.`, {
        retryAfterSeconds,
      });
    }
    this.#buckets.set(player, { tokens: tokens - 1, filledAtMs: nowMs });
  }

  #tokensOf(player: string, nowMs: number): number {
    const bucket = this.#buckets.get(player);
    if (bucket === undefined) return this.#perMinute;
    return Math.min(this.#perMinute, bucket.tokens + ((nowMs - bucket.filledAtMs) * this.#perMinute) / 60_000);
  }

  /** Forgets who has a full bucket again. */
  #sweep(nowMs: number): void {
    for (const player of this.#buckets.keys())
      if (this.#tokensOf(player, nowMs) >= this.#perMinute) this.#buckets.delete(player);
  }
}
