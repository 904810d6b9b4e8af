/** Webhook stale: the same message once more, validly signed with an old time. Where signatures cover no time it is a plain replay. */
import { eventFault } from './fault.ts';

const ONE_HOUR_MS = 3_600_000;

export const webhookStale = eventFault({
  name: 'webhook-stale',
  summary: 'A message is replayed with an old timestamp.',
  example: '{ fault: webhook-stale, with: { age: 1h } }',
  precedent: {
    what: 'A receiver checked the signature and not its time: a recorded event could be replayed for ever.',
    source: 'https://github.com/profullstack/sh1pt/pull/711',
  },
  point: 'event',
  parse: (parameters) => ({
    ageMs: parameters.delayMs('ageMs', ONE_HOUR_MS),
    afterMs: parameters.delayMs('afterMs', 0),
  }),
  effect: ({ ageMs, afterMs }) => ({
    extra: [{ afterMs, alteration: null, signature: 'stale', ageMs, newEvent: false }],
  }),
});
