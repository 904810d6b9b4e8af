/** Reset before commit: the connection drops after the request was read; nothing happened. The client cannot know. */
import { exchangeFault } from './fault.ts';

export const resetBeforeCommit = exchangeFault({
  name: 'reset-before-commit',
  summary: 'The connection drops before the books change.',
  example: '{ fault: reset-before-commit, chance: 0.1 }',
  precedent: {
    what: 'ECONNRESET in the middle of calls to Stripe; nobody could say whether the money had moved.',
    source: 'https://github.com/opencollective/opencollective/issues/2584',
  },
  point: 'before-commit',
  parse: () => ({}),
  effect: () => ({ end: 'reset' }),
});
