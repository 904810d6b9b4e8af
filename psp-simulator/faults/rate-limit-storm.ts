/**
 * Rate-limit storm: again and again, for a while, every request is refused with 429, as when
 * another part of the merchant eats up the limit. Retrying at once makes it no better.
 */
import { exchangeFault } from './fault.ts';

export const rateLimitStorm = exchangeFault({
  name: 'rate-limit-storm',
  summary: 'Again and again, for a while, everything is refused with 429.',
  example: '{ fault: rate-limit-storm, from: 0s, to: 1h, with: { every: 2m, lasts: 40s, retry_after_s: 10 } }',
  precedent: {
    what: 'A 429 was retried at once and met with the next 429; the webhook was answered 200 and its change was lost.',
    source: 'https://github.com/firezone/firezone/issues/9869',
  },
  point: 'before-commit',
  parse: (parameters) => ({
    everyMs: parameters.delayMs('everyMs', 60_000),
    lastsMs: parameters.delayMs('lastsMs', 15_000),
    retryAfterS: parameters.number('retryAfterS', { min: 0, max: 86_400, fallback: 5, whole: true }),
  }),
  effect: ({ everyMs, lastsMs, retryAfterS }, _draw, { sinceMs }) => {
    const inStorm = everyMs === 0 || sinceMs % everyMs < lastsMs;
    if (!inStorm) return null;
    const headers = { 'retry-after': String(retryAfterS) };
    return { answer: { code: 'rate-limited', message: 'Too many requests.', status: 429, headers } };
  },
});
