/** Brown-out: the PSP is up, and works badly: a share of the requests fails, the others are slow. */
import { sampleMs } from '../../kernel/index.ts';
import { exchangeFault } from './fault.ts';

export const brownOut = exchangeFault({
  name: 'brown-out',
  summary: 'A share of the requests fails, the others are slow.',
  example:
    '{ fault: brown-out, from: 5m, to: 25m, with: { failing: 0.4, distribution: { kind: uniform, min: 1s, max: 6s } } }',
  precedent: {
    what: 'For five hours terminals in several cities failed to connect to Stripe; before and after all was well.',
    source: 'https://github.com/stripe/stripe-terminal-android/issues/403',
  },
  point: 'before-commit',
  parse: (parameters) => ({
    failing: parameters.number('failing', { min: 0, max: 1, fallback: 0.3 }),
    delay: parameters.distribution('distribution', 'fixedMs', { kind: 'lognormal', p50Ms: 2_000, p95Ms: 8_000 }),
    status: parameters.number('status', { min: 500, max: 599, fallback: 503, whole: true }),
  }),
  effect: ({ failing, delay, status }, draw) => {
    if (draw('brown-out') >= failing) return { waitMs: sampleMs(delay, draw('brown-out-delay')) };
    return { answer: { code: 'unavailable', message: 'The service is temporarily unavailable.', status } };
  },
});
