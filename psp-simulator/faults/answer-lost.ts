/** Answer lost: the books change, then the connection drops. To the client it looks like `reset-before-commit`. */
import { exchangeFault } from './fault.ts';

export const answerLost = exchangeFault({
  name: 'answer-lost',
  summary: 'The books change, then the connection drops without an answer.',
  point: 'after-commit',
  parse: () => ({}),
  effect: () => ({ end: 'reset' }),
});
