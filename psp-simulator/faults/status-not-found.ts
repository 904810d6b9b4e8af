/** Status not found: a status query says that there is no such thing, however old it is. */
import { exchangeFault } from './fault.ts';

export const statusNotFound = exchangeFault({
  name: 'status-not-found',
  summary: 'Status queries answer "not found" for records that exist.',
  example: '{ fault: status-not-found, chance: 0.5 }',
  precedent: {
    what: 'A payment whose webhook had arrived was answered 404 for a while.',
    source: 'https://github.com/mollie/mollie-api-node/issues/295',
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
  parse: () => ({}),
  effect: () => ({ visibilityLagMs: Infinity }),
});
