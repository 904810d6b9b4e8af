/** Renders the webhook events of a change, and remembers the ids it used, so that an altered copy can carry the same ones. */
import type { BookChange } from '../core/book-change.ts';
import type { Dialect, PspContext } from '../dialects/dialect.ts';
import type { WebhookDraft } from '../dialects/webhook.ts';

export interface RenderedEvents {
  drafts: WebhookDraft[];
  ids: string[];
}

/** With `ids`, those are used again in the same order; any beyond them are new. */
export function renderEvents(
  dialect: Dialect,
  psp: PspContext,
  change: BookChange,
  ids: readonly string[] = [],
): RenderedEvents {
  const used: string[] = [];
  const newId = (prefix: string): string => {
    const id = ids[used.length] ?? psp.ids.next(prefix);
    used.push(id);
    return id;
  };
  const drafts = dialect.webhooksFor(change, { psp, newId, atMs: change.atMs });
  // A copy of just that length: it is kept with the event, and a list that grew has room to spare.
  return { drafts, ids: used.slice() };
}
