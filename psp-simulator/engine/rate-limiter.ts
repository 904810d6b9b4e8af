/**
 * Rate limit of one PSP's account: at most so many requests in any window of the run's clock
 * (a sliding window, counted exactly). A refused request does not count, as with most PSPs.
 * It is off unless the profile asks for it, so that a load run measures the service.
 */
import type { Clock } from '../../kernel/index.ts';
import type { PspProfile, RateLimit } from '../dialects/profile.ts';
import type { RateLimitState } from '../dialects/dialect.ts';
import type { Psp } from './psp.ts';

export class RateLimiter {
  readonly #clock: Pick<Clock, 'now'>;
  /** Times of the requests let through, oldest first; what lies before `#first` is past. */
  #passed: number[] = [];
  #first = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Counts one request and says where the account stands with it. */
  take(limit: RateLimit): RateLimitState {
    const nowMs = this.#clock.now();
    this.#forget(nowMs - limit.windowMs);
    const exceeded = this.#count() >= limit.requests;
    if (!exceeded) this.#passed.push(nowMs);
    const oldest = this.#passed[this.#first];
    return {
      limit,
      remaining: Math.max(0, limit.requests - this.#count()),
      resetMs: oldest === undefined ? limit.windowMs : Math.max(0, oldest + limit.windowMs - nowMs),
      exceeded,
    };
  }

  #count(): number {
    return this.#passed.length - this.#first;
  }

  /** Moves past what is out of the window, and gives the memory back once half of it is past. */
  #forget(throughMs: number): void {
    while (this.#first < this.#passed.length && (this.#passed[this.#first] ?? Infinity) <= throughMs) this.#first += 1;
    if (this.#first * 2 <= this.#passed.length) return;
    this.#passed = this.#passed.slice(this.#first);
    this.#first = 0;
  }
}

/** One limiter per life of a PSP's books: a reset PSP starts afresh. */
const LIMITERS = new WeakMap<object, RateLimiter>();

/** Null while the profile asks for no limit. */
export function takeRateLimit(psp: Psp): RateLimitState | null {
  const limit = limitOf(psp.profile, psp.dialect.publishedRateLimit);
  if (limit === null) return null;
  let limiter = LIMITERS.get(psp.bank);
  if (limiter === undefined) {
    limiter = new RateLimiter(psp.ports.clock);
    LIMITERS.set(psp.bank, limiter);
  }
  return limiter.take(limit);
}

function limitOf({ rateLimit }: PspProfile, published: RateLimit): RateLimit | null {
  if (rateLimit === undefined) return null;
  return rateLimit === 'published' ? published : rateLimit;
}
