/**
 * Giant body: the PSP sends far more than before, validly signed. A receiver with a tight limit
 * refuses the event, and all its retries.
 */
import { deliveryFault } from './fault.ts';

/** More than any PSP sends; larger ones test the machine, not the service. */
const MOST_BYTES = 20_000_000;

export const webhookGiantBody = deliveryFault({
  name: 'webhook-giant-body',
  summary: 'A delivery with a huge body, validly signed.',
  example: '{ fault: webhook-giant-body, with: { bytes: 2000000, attempts: 1 } }',
  precedent: {
    what: 'Receivers limited to 16 and 52 kB refused events that had grown with the API version.',
    source: 'https://github.com/mozilla/fxa/issues/8861',
  },
  point: 'delivery',
  touches: 'message',
  parse: (parameters) => ({
    bytes: parameters.number('bytes', { min: 1_000, max: MOST_BYTES, fallback: 1_000_000, whole: true }),
    attempts: parameters.number('attempts', { min: 1, max: 1_000, fallback: 1, whole: true }),
  }),
  effect: ({ bytes, attempts }, _draw, subject) =>
    subject.attempt > attempts ? null : { body: { as: 'giant', bytes } },
});
