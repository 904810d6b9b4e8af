/**
 * Webhook forged: somebody without the key sends an event of his own beside the PSP's. It
 * claims success where there is none yet, or another amount where there is.
 */
import { eventFault } from './fault.ts';

const SUCCESS: readonly string[] = ['captured', 'paid', 'succeeded'];

export const webhookForged = eventFault({
  name: 'webhook-forged',
  summary: 'A forger sends an event that claims success or another amount.',
  example: '{ fault: webhook-forged, with: { signature: missing } }',
  precedent: {
    what: 'Anybody could post "captured" to the webhook address and any payment became paid.',
    source: 'https://github.com/open-mercato/open-mercato/pull/1311',
  },
  point: 'event',
  parse: (parameters) => ({
    signature: parameters.oneOf('signature', ['wrong-key', 'missing', 'malformed', 'altered-body'], 'wrong-key'),
    afterMs: parameters.delayMs('afterMs', 0),
    amountFactor: parameters.number('amountFactor', { min: 0.001, max: 1_000, fallback: 10 }),
  }),
  effect: ({ signature, afterMs, amountFactor }, _draw, subject) => {
    const alteration = SUCCESS.includes(subject.state) ? { amountFactor } : { claim: 'succeeded' as const };
    return { extra: [{ afterMs, alteration, signature, newEvent: true }] };
  },
});
