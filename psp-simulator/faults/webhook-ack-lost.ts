/** Webhook ack lost: the delivery arrives, its acknowledgement does not, so the PSP sends again. */
import { deliveryFault } from './fault.ts';

export const webhookAckLost = deliveryFault({
  name: 'webhook-ack-lost',
  summary: 'A delivery arrives, its acknowledgement gets lost.',
  example: '{ fault: webhook-ack-lost, with: { attempts: 2 } }',
  precedent: {
    what: 'A retried delivery ran the whole handler again and granted the credit twice.',
    source: 'https://github.com/anomalyco/opencode/issues/28402',
  },
  point: 'delivery',
  touches: 'way',
  parse: (parameters) => ({
    attempts: parameters.number('attempts', { min: 1, max: 1_000, fallback: 1, whole: true }),
  }),
  effect: ({ attempts }, _draw, subject) => (subject.attempt > attempts ? null : { lose: 'ack' }),
});
