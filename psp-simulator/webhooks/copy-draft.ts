/** A draft that says something else than another one. A spread would miss what a draft only writes when it is read. */
import type { WebhookDraft } from '../dialects/webhook.ts';

export function copyOf(draft: WebhookDraft, changes: Partial<WebhookDraft>): WebhookDraft {
  const { eventId, type, url, about } = draft;
  const { body = draft.body, claim = draft.claim } = changes;
  return {
    eventId,
    type,
    ...(url === undefined ? {} : { url }),
    ...(about === undefined ? {} : { about }),
    ...changes,
    body,
    claim,
  };
}
