/**
 * Wrong environment: a test payment succeeds and its event arrives at the live address (or the
 * reverse). Where the PSP does not say the environment in the event, it is signed with the other
 * environment's key.
 */
import { claimsSuccess } from './claims-success.ts';
import { eventFault } from './fault.ts';

export const webhookWrongEnvironment = eventFault({
  name: 'webhook-wrong-environment',
  summary: 'An event of the other environment claims success.',
  example: '{ fault: webhook-wrong-environment }',
  precedent: {
    what: 'Events leak between environments: one from test mode can appear at the live address.',
    source: 'https://github.com/solidusio/solidus_stripe/issues/192',
  },
  point: 'event',
  parse: (parameters) => ({
    afterMs: parameters.delayMs('afterMs', 0),
  }),
  effect: ({ afterMs }, _draw, subject) => ({
    extra: [
      {
        afterMs,
        alteration: claimsSuccess(subject) ? null : { claim: 'succeeded' },
        signature: 'valid',
        newEvent: true,
        strange: 'wrong-environment',
      },
    ],
  }),
});
