/**
 * Rate limit: per subject (a key, a player, a PSP) a bucket that refills steadily. In the
 * memory of one process: n processes let n times as many through. It protects PSPs, players
 * and the database from a client gone wild; it is no billing.
 */
import { ServiceError } from '../domain/errors.ts';

/** Buckets are swept when there are this many, so that old players cost no memory. */
const MOST_BUCKETS = 10_000;

/** A sweep looks at every bucket, so there is not one with every request of a busy minute. */
const SWEEP_EVERY_MS = 10_000;

const WINDOW_SECONDS = 60;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** What a request left of one limit. */
export interface Budget {
  /** Of the limit: `key`, `player`, `start`, `psp`. */
  name: string;
  perMinute: number;
  remaining: number;
  /** Until the bucket is full again. */
  resetSeconds: number;
}

export class RateLimit {
  readonly #name: string;
  readonly #perMinute: number;
  readonly #buckets = new Map<string, Bucket>();
  #sweptAtMs = -Infinity;

  /** @param perMinute requests per minute and subject, and the size of a burst; Infinity switches the limit off */
  constructor(name: string, perMinute: number) {
    this.#name = name;
    this.#perMinute = perMinute;
  }

  /**
   * Counts one request. Null when there is no limit.
   * @param perMinute the subject's own limit
   * @throws ServiceError rate_limited
   */
  take(subject: string, nowMs: number, perMinute: number = this.#perMinute): Budget | null {
    if (perMinute === Infinity) return null;
    if (this.#buckets.size >= MOST_BUCKETS && nowMs >= this.#sweptAtMs + SWEEP_EVERY_MS) this.#sweep(nowMs);
    const tokens = this.#tokensOf(subject, nowMs, perMinute);
    const enough = tokens >= 1;
    const left = enough ? tokens - 1 : tokens;
    if (enough) this.#buckets.set(subject, { tokens: left, filledAtMs: nowMs });
    const budget: Budget = {
      name: this.#name,
      perMinute,
      remaining: Math.floor(left),
      resetSeconds: Math.ceil(((perMinute - left) * WINDOW_SECONDS) / perMinute),
    };
    if (enough) return budget;
    throw new RateLimited(budget, Math.ceil(((1 - tokens) * WINDOW_SECONDS) / perMinute));
  }

  /** Subjects that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  #tokensOf(subject: string, nowMs: number, perMinute: number): number {
    const bucket = this.#buckets.get(subject);
    if (bucket === undefined) return perMinute;
    return Math.min(perMinute, bucket.tokens + ((nowMs - bucket.filledAtMs) * perMinute) / 60_000);
  }

  /** Forgets who has a full bucket again; a minute fills every bucket. */
  #sweep(nowMs: number): void {
    this.#sweptAtMs = nowMs;
    for (const [subject, { filledAtMs }] of this.#buckets)
      if (nowMs - filledAtMs >= WINDOW_SECONDS * 1_000) this.#buckets.delete(subject);
  }
}

/** A refusal that knows which limit it was. */
export class RateLimited extends ServiceError {
  readonly budget: Budget;
  constructor(budget: Budget, retryAfterSeconds: number) {
    super('rate_limited', `At most ${budget.perMinute} requests per minute and ${budget.name} are taken.`, {
      retryAfterSeconds,
      details: { limit: budget.name, per_minute: budget.perMinute },
    });
    this.budget = budget;
  }
}

/** Values of `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers, structured fields). */
export function rateLimitHeaders(budgets: readonly Budget[]): Record<string, string> {
  if (budgets.length === 0) return {};
  const list = (write: (budget: Budget) => string): string =>
    budgets.map((budget) => `"${budget.name}";${write(budget)}`).join(', ');
  return {
    RateLimit: list(({ remaining, resetSeconds }) => `r=${remaining};t=${resetSeconds}`),
    'RateLimit-Policy': list(({ perMinute }) => `q=${perMinute};w=${WINDOW_SECONDS}`),
  };
}
