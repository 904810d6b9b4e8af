/**
 * Clock skew: the PSP's clock is ahead or behind. The times inside its signatures and its Date
 * headers show it.
 */
import { conditionFault } from './fault.ts';

export const clockSkew = conditionFault({
  name: 'clock-skew',
  summary: 'Signature times and Date headers are off.',
  example: '{ fault: clock-skew, with: { behind: 10m } }',
  precedent: {
    what: 'Webhooks failed with "Timestamp outside the tolerance zone" because two clocks disagreed by more than five minutes.',
    source: 'https://github.com/stripe/stripe-node/issues/407',
  },
  point: 'condition',
  seenAt: ['exchange', 'delivery'],
  parse: (parameters) => ({
    aheadMs: parameters.delayMs('aheadMs', 0),
    behindMs: parameters.delayMs('behindMs', 0),
  }),
  effect: ({ aheadMs, behindMs }) => ({ clockSkewMs: aheadMs - behindMs }),
});
