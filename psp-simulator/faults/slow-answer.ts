/** Slow answer: the books change at once, the answer comes late. A client that gave up meanwhile has paid. */
import { sampleMs } from '../../kernel/index.ts';
import { exchangeFault } from './fault.ts';

export const slowAnswer = exchangeFault({
  name: 'slow-answer',
  summary: 'The books change at once, the answer comes late.',
  example: '{ fault: slow-answer, operation: create-payment, with: { fixed: 20s } }',
  precedent: {
    what: 'Requests to Stripe timed out after the card was charged, and subscription renewals were charged again.',
    source: 'https://github.com/woocommerce/woocommerce-gateway-stripe/pull/3444',
  },
  point: 'after-commit',
  parse: (parameters) => ({ delay: parameters.distribution('distribution', 'fixedMs') }),
  effect: ({ delay }, draw) => ({ waitMs: sampleMs(delay, draw('slow-answer')) }),
});
