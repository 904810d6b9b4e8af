/**
 * Error mix: many kinds of failure at once, as behind a broken load balancer. Statuses that are
 * given more often come more often.
 */
import type { ProblemCode } from '../core/problem.ts';
import { exchangeFault } from './fault.ts';

function codeOf(status: number): ProblemCode {
  if (status === 429) return 'rate-limited';
  if (status === 503) return 'unavailable';
  return status >= 500 ? 'internal' : 'validation';
}

export const errorMix = exchangeFault({
  name: 'error-mix',
  summary: 'Different error statuses, mixed.',
  example: '{ fault: error-mix, chance: 0.5, with: { statuses: [500, 502, 503, 503, 504, 429, 400] } }',
  precedent: {
    what: 'One outage of Stripe showed itself as 503, as connection errors and as timeouts side by side.',
    source: 'https://github.com/thewca/worldcubeassociation.org/issues/4305',
  },
  point: 'before-commit',
  parse: (parameters) => ({
    statuses: parameters.wholeNumbers('statuses', { min: 400, max: 599, fallback: [500, 502, 503, 504, 429] }),
  }),
  effect: ({ statuses }, draw) => {
    const status = statuses[Math.floor(draw('error-mix') * statuses.length)] ?? 500;
    return { answer: { code: codeOf(status), message: 'Something went wrong on our side.', status } };
  },
});
