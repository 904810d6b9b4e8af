/**
 * Unknown type: beside the true event comes one of a type that the merchant never heard of, as
 * when a PSP adds one. It must be acknowledged and ignored.
 */
import { eventFault } from './fault.ts';

export const webhookUnknownType = eventFault({
  name: 'webhook-unknown-type',
  summary: 'An extra event of a type that nobody knows, validly signed.',
  example: '{ fault: webhook-unknown-type }',
  precedent: {
    what: 'Every event that was not on the list was answered 400, and the PSP went on retrying.',
    source: 'https://github.com/vercel/nextjs-subscription-payments/issues/356',
  },
  point: 'event',
  parse: (parameters) => ({
    afterMs: parameters.delayMs('afterMs', 0),
  }),
  effect: ({ afterMs }) => ({
    extra: [{ afterMs, alteration: null, signature: 'valid', newEvent: true, strange: 'unknown-type' }],
  }),
});
