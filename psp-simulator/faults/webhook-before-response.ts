/** Webhook before response: the event is delivered, and acknowledged, before the API call that caused it is answered. */
import { exchangeFault } from './fault.ts';

export const webhookBeforeResponse = exchangeFault({
  name: 'webhook-before-response',
  summary: 'The webhook arrives before the answer of the call that caused it.',
  example: '{ fault: webhook-before-response }',
  precedent: {
    what: 'The webhook of a payment came before the payment was stored, and found nothing.',
    source: 'https://github.com/getlago/lago-api/pull/1373',
  },
  point: 'after-commit',
  parse: () => ({}),
  appliesTo: (subject) => subject.hasEvents,
  effect: () => ({ deliverEventsFirst: true }),
});
