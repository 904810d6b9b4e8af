/** Latency: the PSP takes longer before it does anything, on top of its ordinary latency. */
import { sampleMs } from '../../kernel/index.ts';
import { exchangeFault } from './fault.ts';

export const latency = exchangeFault({
  name: 'latency',
  summary: 'The PSP takes longer before it processes a request.',
  point: 'before-commit',
  parse: (parameters) => ({ delay: parameters.distribution('distribution', 'fixedMs') }),
  effect: ({ delay }, draw) => ({ waitMs: sampleMs(delay, draw('latency')) }),
});
