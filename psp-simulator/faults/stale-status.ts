/**
 * Stale status: a query is answered from a cache, so it says what was true when the same query was
 * asked before.
 */
import { exchangeFault } from './fault.ts';

export const staleStatus = exchangeFault({
  name: 'stale-status',
  summary: 'Status queries repeat their last answer until it has a certain age.',
  example: '{ fault: stale-status, with: { lag: 2m } }',
  precedent: {
    what: 'A search went on to show a record as it had been, more than ten seconds after it was deleted.',
    source: 'https://github.com/stripe/stripe-node/issues/1533',
  },
  point: 'before-commit',
  operations: [
    'get-payment',
    'list-payments',
    'get-payout',
    'list-payouts',
    'get-refund',
    'list-refunds',
    'get-dispute',
    'list-disputes',
    'read-other',
  ],
  parse: (parameters) => ({ lagMs: parameters.delayMs('lagMs') }),
  effect: ({ lagMs }) => ({ cachedForMs: lagMs }),
});
