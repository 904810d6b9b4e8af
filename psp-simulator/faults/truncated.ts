/** Truncated: the books change, half of the answer arrives, then the connection drops. */
import { exchangeFault } from './fault.ts';

export const truncated = exchangeFault({
  name: 'truncated',
  summary: 'The books change, half of the answer arrives.',
  point: 'after-commit',
  parse: () => ({}),
  effect: () => ({ end: 'truncate' }),
});
