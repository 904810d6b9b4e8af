/** Answer lost: the books change, then the connection drops. To the client it looks like `reset-before-commit`. */
import { exchangeFault } from './fault.ts';

export const answerLost = exchangeFault({
  name: 'answer-lost',
  summary: 'The books change, then the connection drops without an answer.',
  example: '{ fault: answer-lost, operation: create-payment, count: 3 }',
  precedent: {
    what: 'The gateway dropped the connection, the payment stayed UNKNOWN, and it had succeeded.',
    source: 'https://github.com/killbill/killbill/issues/341',
  },
  point: 'after-commit',
  parse: () => ({}),
  effect: () => ({ end: 'reset' }),
});
