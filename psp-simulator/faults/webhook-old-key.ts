/**
 * Old key: during a rotation some of the PSP's senders still sign with the key before. A receiver
 * that has dropped it refuses honest events.
 */
import { conditionFault } from './fault.ts';

export const webhookOldKey = conditionFault({
  name: 'webhook-old-key',
  summary: 'Webhooks are signed with the key before the last rotation.',
  example: '{ fault: webhook-old-key, from: 0s, to: 1h, chance: 0.5 }',
  precedent: {
    what: 'Deliveries signed before a rotation could not be verified after it: there was no time in which both keys held.',
    source: 'https://github.com/liwala/ay-framework/issues/407',
  },
  point: 'condition',
  seenAt: ['delivery'],
  parse: () => ({}),
  effect: () => ({ signsWithOldKey: true }),
});
