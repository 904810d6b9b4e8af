/**
 * Key expiry: the PSP forgets idempotency keys earlier than it says. A retry that should have been
 * a replay is a new payment.
 */
import { conditionFault } from './fault.ts';

export const keyExpiry = conditionFault({
  name: 'key-expiry',
  summary: 'Idempotency keys are forgotten earlier than the PSP says.',
  example: '{ fault: key-expiry, with: { life: 2m } }',
  precedent: {
    what: 'Two requests with one idempotency key made two changes.',
    source: 'https://github.com/square/connect-api-examples/issues/135',
  },
  point: 'condition',
  seenAt: ['exchange'],
  parse: (parameters) => ({ lifeMs: parameters.delayMs('lifeMs', 0) }),
  effect: ({ lifeMs }) => ({ keyLifeMs: lifeMs }),
});
