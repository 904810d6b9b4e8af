/** Webhook reorder: every event gets its own delay within the spread, so that later ones overtake earlier ones. */
import { eventFault } from './fault.ts';

export const webhookReorder = eventFault({
  name: 'webhook-reorder',
  summary: 'Events arrive in another order.',
  point: 'event',
  parse: (parameters) => ({ spreadMs: parameters.delayMs('spreadMs', 60_000) }),
  effect: ({ spreadMs }, draw) => ({ delayMs: draw('webhook-reorder') * spreadMs }),
});
