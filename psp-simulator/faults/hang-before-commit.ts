/** Hang before commit: the PSP takes the request and never does anything with it. The client times out. */
import { exchangeFault } from './fault.ts';

export const hangBeforeCommit = exchangeFault({
  name: 'hang-before-commit',
  summary: 'No answer ever comes, and the books do not change.',
  point: 'before-commit',
  parse: () => ({}),
  effect: () => ({ end: 'hang' }),
});
