/**
 * Slow drip: the answer comes in many small pieces, each in time. A timeout between two pieces
 * never fires; only one over the whole answer does.
 */
import { exchangeFault } from './fault.ts';

export const slowDrip = exchangeFault({
  name: 'slow-drip',
  summary: 'The books change at once, the answer trickles in.',
  example: '{ fault: slow-drip, operation: create-payment, with: { over: 30s } }',
  precedent: {
    what: 'A read timeout counts from piece to piece; users of an HTTP client asked for one over the whole answer.',
    source: 'https://github.com/psf/requests/issues/3099',
  },
  point: 'after-commit',
  parse: (parameters) => ({ overMs: parameters.delayMs('overMs', 30_000) }),
  effect: ({ overMs }) => ({ dripMs: overMs }),
});
