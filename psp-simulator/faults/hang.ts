/** Hang: the books change, the answer never comes. The client times out after it has paid. */
import { exchangeFault } from './fault.ts';

export const hang = exchangeFault({
  name: 'hang',
  summary: 'The books change, no answer ever comes.',
  point: 'after-commit',
  parse: () => ({}),
  effect: () => ({ end: 'hang' }),
});
