/** Webhook reorder: every event gets its own delay within the spread, so that later ones overtake earlier ones. */
import { eventFault } from './fault.ts';

export const webhookReorder = eventFault({
  name: 'webhook-reorder',
  summary: 'Events arrive in another order.',
  example: '{ fault: webhook-reorder, with: { spread: 10m } }',
  precedent: {
    what: 'Events of one subscription arrived in the wrong order, and its old state won.',
    source: 'https://github.com/stripe/stripe-cli/issues/418',
  },
  point: 'event',
  parse: (parameters) => ({ spreadMs: parameters.delayMs('spreadMs', 60_000) }),
  effect: ({ spreadMs }, draw) => ({ delayMs: draw('webhook-reorder') * spreadMs }),
});
