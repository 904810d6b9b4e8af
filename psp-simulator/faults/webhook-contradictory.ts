/** Webhook contradictory: some time after success, a validly signed event of the same payment says that it failed. */
import { eventFault } from './fault.ts';

const SUCCESS: readonly string[] = ['captured', 'paid'];

export const webhookContradictory = eventFault({
  name: 'webhook-contradictory',
  summary: 'A validly signed "failed" follows a success.',
  example: '{ fault: webhook-contradictory, with: { after: 30m } }',
  precedent: {
    what: 'The failure of a first try was processed half an hour late and overwrote the success of the second.',
    source: 'https://github.com/Adyen/adyen-shopware6/issues/311',
  },
  point: 'event',
  parse: (parameters) => ({ afterMs: parameters.delayMs('afterMs', 60_000) }),
  appliesTo: (subject) => SUCCESS.includes(subject.state),
  effect: ({ afterMs }) => ({
    extra: [{ afterMs, alteration: { claim: 'failed' }, signature: 'valid', newEvent: true }],
  }),
});
