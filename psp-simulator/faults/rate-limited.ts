/** Rate limited: 429 in the PSP's format, with Retry-After. */
import { exchangeFault } from './fault.ts';

export const rateLimited = exchangeFault({
  name: 'rate-limited',
  summary: 'The PSP answers 429 and changes nothing.',
  example: '{ fault: rate-limited, chance: 0.2, with: { retry_after_s: 2 } }',
  precedent: {
    what: 'Stripe refused calls made while webhooks were handled, almost daily.',
    source: 'https://github.com/laravel/cashier-stripe/issues/1257',
  },
  point: 'before-commit',
  parse: (parameters) => ({
    retryAfterS: parameters.number('retryAfterS', { min: 0, max: 86_400, fallback: 1, whole: true }),
  }),
  effect: ({ retryAfterS }) => ({
    answer: {
      code: 'rate-limited',
      message: 'Too many requests.',
      status: 429,
      headers: { 'retry-after': String(retryAfterS) },
    },
  }),
});
