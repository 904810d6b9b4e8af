/** Webhook late: the first delivery comes after a delay. */
import { sampleMs } from '../../kernel/index.ts';
import { eventFault } from './fault.ts';

export const webhookLate = eventFault({
  name: 'webhook-late',
  summary: 'The first delivery comes late.',
  example: '{ fault: webhook-late, with: { distribution: { kind: uniform, min: 5m, max: 2h } } }',
  precedent: {
    what: 'A backlog at the sender made webhooks run two hours behind.',
    source: 'https://github.com/reapit/foundations/issues/3429',
  },
  point: 'event',
  parse: (parameters) => ({ delay: parameters.distribution('distribution', 'delayMs') }),
  effect: ({ delay }, draw) => ({ delayMs: sampleMs(delay, draw('webhook-late')) }),
});
