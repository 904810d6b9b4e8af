/**
 * Outage: nothing works. `503`: the PSP says so in its own error format. `reset`: connections
 * are dropped. `refused`: nobody listens; the engine closes the PSP's door for the whole
 * window, so this form takes no filter but the PSP.
 */
import { exchangeFault } from './fault.ts';

export const outage = exchangeFault({
  name: 'outage',
  summary: 'Nothing works: 503, reset or refused connections.',
  example: '{ fault: outage, psp: acme, from: 5m, to: 20m, with: { as: refused } }',
  precedent: {
    what: 'Stripe was down on 17 December 2015; merchants were told to retry what had failed.',
    source: 'https://github.com/danluu/post-mortems/issues/47',
  },
  point: 'before-commit',
  parse: (parameters) => ({ as: parameters.oneOf('as', ['503', 'reset', 'refused'], '503') }),
  effect: ({ as }) => {
    if (as === '503')
      return { answer: { code: 'unavailable', message: 'The service is temporarily unavailable.', status: 503 } };
    return { end: 'reset' };
  },
});
