/** Slow answer: the books change at once, the answer comes late. A client that gave up meanwhile has paid. */
import { sampleMs } from '../../kernel/index.ts';
import { exchangeFault } from './fault.ts';

export const slowAnswer = exchangeFault({
  name: 'slow-answer',
  summary: 'The books change at once, the answer comes late.',
  point: 'after-commit',
  parse: (parameters) => ({ delay: parameters.distribution('distribution', 'fixedMs') }),
  effect: ({ delay }, draw) => ({ waitMs: sampleMs(delay, draw('slow-answer')) }),
});
