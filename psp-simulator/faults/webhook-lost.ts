/**
 * Webhook lost: deliveries vanish. By default the PSP sees a failed try and sends again on its
 * schedule; `silently` makes it believe that the delivery was acknowledged.
 */
import { deliveryFault } from './fault.ts';

/** More tries than any schedule has. */
const ALL_ATTEMPTS = 1_000;

export const webhookLost = deliveryFault({
  name: 'webhook-lost',
  summary: 'Deliveries vanish on their way.',
  example: '{ fault: webhook-lost, event: captured, with: { silently: true } }',
  precedent: {
    what: 'Webhooks stopped from one day to the next while Stripe had trouble delivering them.',
    source: 'https://github.com/invertase/stripe-firebase-extensions/issues/165',
  },
  point: 'delivery',
  touches: 'way',
  parse: (parameters) => ({
    attempts: parameters.number('attempts', { min: 1, max: ALL_ATTEMPTS, fallback: ALL_ATTEMPTS, whole: true }),
    silently: parameters.flag('silently', false),
  }),
  effect: ({ attempts, silently }, _draw, subject) =>
    subject.attempt > attempts ? null : { lose: silently ? 'lost-silently' : 'lost' },
});
