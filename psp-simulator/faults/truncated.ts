/** Truncated: the books change, half of the answer arrives, then the connection drops. */
import { exchangeFault } from './fault.ts';

export const truncated = exchangeFault({
  name: 'truncated',
  summary: 'The books change, half of the answer arrives.',
  example: '{ fault: truncated, operation: [create-payment, get-payment], chance: 0.2 }',
  precedent: {
    what: 'One transaction in a hundred came back as an answer that ended in the middle of its JSON.',
    source: 'https://github.com/omise/omise-node/issues/62',
  },
  point: 'after-commit',
  parse: () => ({}),
  effect: () => ({ end: 'truncate' }),
});
