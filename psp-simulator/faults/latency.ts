/** Latency: the PSP takes longer before it does anything, on top of its ordinary latency. */
import { sampleMs } from '../../kernel/index.ts';
import { exchangeFault } from './fault.ts';

export const latency = exchangeFault({
  name: 'latency',
  summary: 'The PSP takes longer before it processes a request.',
  example:
    '{ fault: latency, psp: acme, chance: 0.3, with: { distribution: { kind: lognormal, p50: 400ms, p95: 4s } } }',
  precedent: {
    what: 'Creating a charge at Stripe took more than two seconds for one request in twenty.',
    source: 'https://github.com/stripe/stripe-java/issues/570',
  },
  point: 'before-commit',
  parse: (parameters) => ({ delay: parameters.distribution('distribution', 'fixedMs') }),
  effect: ({ delay }, draw) => ({ waitMs: sampleMs(delay, draw('latency')) }),
});
