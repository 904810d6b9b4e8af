/**
 * Degradation: the PSP goes down slowly. At first nothing is wrong; at the end of the ramp every
 * answer is late and the given share fails.
 */
import { rampShare } from './ramp-share.ts';
import { exchangeFault } from './fault.ts';

export const degradation = exchangeFault({
  name: 'degradation',
  summary: 'Errors and delays grow over time.',
  example: '{ fault: degradation, from: 1m, to: 31m, with: { failing: 0.8, slowest: 15s } }',
  precedent: {
    what: 'A payment API was watched as it degraded: still 200, but after seconds.',
    source: 'https://github.com/bogdasar/wakeupsamurai/issues/8',
  },
  point: 'before-commit',
  parse: (parameters) => ({
    failing: parameters.number('failing', { min: 0, max: 1, fallback: 0.5 }),
    slowestMs: parameters.delayMs('slowestMs', 10_000),
    overMs: parameters.delayMs('overMs', 0),
    status: parameters.number('status', { min: 500, max: 599, fallback: 503, whole: true }),
  }),
  effect: ({ failing, slowestMs, overMs, status }, draw, moment) => {
    const share = rampShare(moment, overMs);
    const waitMs = slowestMs * share * draw('degradation-delay');
    if (draw('degradation') >= failing * share) return { waitMs };
    return { waitMs, answer: { code: 'unavailable', message: 'The service is overloaded.', status } };
  },
});
