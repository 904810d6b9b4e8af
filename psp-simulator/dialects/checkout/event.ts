/**
 * The envelope of Checkout.com's events: `{id, type, version, created_on, data, _links}`, and
 * what an event claims in neutral words. Which events a change makes is in webhooks.ts.
 */
import { isoTime } from '../../../kernel/index.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import { idFrom } from './ids.ts';

/** Version of the event's schema, as Checkout.com numbers it. */
const VERSION = '1.0.29';

export interface EventOf {
  type: string;
  /** Id of the payment or dispute that it is about. */
  subject: string;
  /** Rendered only when the merchant is subscribed to the type. */
  data: () => Record<string, unknown>;
  links?: Record<string, { href: string }>;
  claim: WebhookDraft['claim'];
}

export function eventDraft(event: EventOf, context: WebhookContext): WebhookDraft {
  const eventId = idFrom('evt', context.newId('checkoutevt'));
  const { url } = context.psp;
  const body = {
    id: eventId,
    type: event.type,
    version: VERSION,
    created_on: isoTime(context.atMs),
    data: event.data(),
    _links: {
      self: { href: `${url}/workflows/events/${eventId}` },
      subject: { href: `${url}/workflows/events/subject/${event.subject}` },
      ...event.links,
    },
  };
  return { eventId, type: event.type, body: JSON.stringify(body), claim: event.claim };
}
