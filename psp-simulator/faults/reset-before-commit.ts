/** Reset before commit: the connection drops after the request was read; nothing happened. The client cannot know. */
import { exchangeFault } from './fault.ts';

export const resetBeforeCommit = exchangeFault({
  name: 'reset-before-commit',
  summary: 'The connection drops before the books change.',
  point: 'before-commit',
  parse: () => ({}),
  effect: () => ({ end: 'reset' }),
});
