/**
 * Latency ramp: the PSP gets slower and slower. Without an end of the window or `overMs` the ramp
 * lasts ten minutes.
 */
import { rampShare } from './ramp-share.ts';
import { exchangeFault } from './fault.ts';

export const latencyRamp = exchangeFault({
  name: 'latency-ramp',
  summary: 'Answers get slower over time.',
  example: '{ fault: latency-ramp, from: 0s, to: 10m, with: { start: 200ms, end: 12s } }',
  precedent: {
    what: 'Ordinary calls to Stripe took one and a half and four and a half seconds on average.',
    source: 'https://github.com/stripe/stripe-node/issues/538',
  },
  point: 'before-commit',
  parse: (parameters) => ({
    startMs: parameters.delayMs('startMs', 0),
    endMs: parameters.delayMs('endMs', 10_000),
    overMs: parameters.delayMs('overMs', 0),
  }),
  effect: ({ startMs, endMs, overMs }, _draw, moment) => ({
    waitMs: startMs + (endMs - startMs) * rampShare(moment, overMs),
  }),
});
