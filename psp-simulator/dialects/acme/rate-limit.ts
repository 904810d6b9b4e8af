/** acme's rate limit, and how every answer tells where the account stands. */
import type { RateLimitState } from '../dialect.ts';
import type { RateLimit } from '../profile.ts';

export const ACME_RATE_LIMIT: RateLimit = { requests: 100, windowMs: 1_000 };

export function rateLimitHeaders(state: RateLimitState): Record<string, string> {
  const resetSeconds = String(Math.ceil(state.resetMs / 1_000));
  return {
    'x-ratelimit-limit': String(state.limit.requests),
    'x-ratelimit-remaining': String(state.remaining),
    'x-ratelimit-reset': resetSeconds,
    ...(state.exceeded ? { 'retry-after': resetSeconds } : {}),
  };
}
