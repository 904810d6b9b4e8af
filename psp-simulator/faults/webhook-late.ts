/** Webhook late: the first delivery comes after a delay. */
import { sampleMs } from '../../kernel/index.ts';
import { eventFault } from './fault.ts';

export const webhookLate = eventFault({
  name: 'webhook-late',
  summary: 'The first delivery comes late.',
  point: 'event',
  parse: (parameters) => ({ delay: parameters.distribution('distribution', 'delayMs') }),
  effect: ({ delay }, draw) => ({ delayMs: sampleMs(delay, draw('webhook-late')) }),
});
