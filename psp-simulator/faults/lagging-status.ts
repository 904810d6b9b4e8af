/** Lagging status: a status query does not find what was created a moment ago. */
import { exchangeFault } from './fault.ts';

export const laggingStatus = exchangeFault({
  name: 'lagging-status',
  summary: 'Status queries answer "not found" until a record has a certain age.',
  example: '{ fault: lagging-status, with: { lag: 30s } }',
  precedent: {
    what: 'A search did not find a customer for half a minute; a second one was created and remembered.',
    source: 'https://github.com/LIT-Protocol/chipotle/issues/555',
  },
  point: 'before-commit',
  operations: [
    'get-payment',
    'list-payments',
    'get-payout',
    'list-payouts',
    'get-refund',
    'list-refunds',
    'read-other',
  ],
  parse: (parameters) => ({ lagMs: parameters.delayMs('lagMs') }),
  effect: ({ lagMs }) => ({ visibilityLagMs: lagMs }),
});
