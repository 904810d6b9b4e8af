/**
 * Malformed body: a delivery whose body breaks off, validly signed as it is. By default only the
 * first try is broken, so the next one on schedule is right.
 */
import { deliveryFault } from './fault.ts';

export const webhookMalformedBody = deliveryFault({
  name: 'webhook-malformed-body',
  summary: 'A delivery with a body that cannot be parsed, validly signed.',
  example: '{ fault: webhook-malformed-body, with: { attempts: 1 } }',
  precedent: {
    what: 'Webhooks of one type came with a stray character and a missing property, and no JSON parser took them.',
    source: 'https://github.com/checkout/checkout-sdk-node/pull/409',
  },
  point: 'delivery',
  touches: 'message',
  parse: (parameters) => ({
    attempts: parameters.number('attempts', { min: 1, max: 1_000, fallback: 1, whole: true }),
  }),
  effect: ({ attempts }, _draw, subject) => (subject.attempt > attempts ? null : { body: { as: 'malformed' } }),
});
