/** Webhook duplicate: the same message several times, at once (`burst`) or one after the other (`serial`). */
import { eventFault } from './fault.ts';

/** A burst larger than this tests the machine, not the service. */
const MOST_COPIES = 1_000;

export const webhookDuplicate = eventFault({
  name: 'webhook-duplicate',
  summary: 'The same message arrives several times.',
  example: '{ fault: webhook-duplicate, with: { copies: 2, mode: serial, gap: 2d } }',
  precedent: {
    what: 'Retried or concurrent webhooks credited a customer twice for one failed payment.',
    source: 'https://github.com/mollie/laravel-cashier-mollie/pull/321',
  },
  point: 'event',
  parse: (parameters) => ({
    copies: parameters.number('copies', { min: 1, max: MOST_COPIES, fallback: 1, whole: true }),
    mode: parameters.oneOf('mode', ['burst', 'serial'], 'burst'),
    gapMs: parameters.delayMs('gapMs', 60_000),
  }),
  effect: ({ copies, mode, gapMs }) => ({ copies: { count: copies, gapMs: mode === 'burst' ? 0 : gapMs } }),
});
