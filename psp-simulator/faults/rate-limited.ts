/** Rate limited: 429 in the PSP's format, with Retry-After. */
import { exchangeFault } from './fault.ts';

export const rateLimited = exchangeFault({
  name: 'rate-limited',
  summary: 'The PSP answers 429 and changes nothing.',
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
