/**
 * The draft of an event about a change of the books, written when somebody reads it. A change
 * never changes, so the text comes out the same whenever that is; and of the many events that
 * wait for their delivery only what they are made of is kept. For events whose body says nothing
 * but what the change says: whoever looks into the books must look when the event happens.
 */
import type { BookChange } from '../core/book-change.ts';
import type { PspContext } from './dialect.ts';
import type { WebhookDraft } from './webhook.ts';

/** How a dialect writes such an event; one for all of them. */
export interface ChangeWords {
  body(draft: ChangeDraft): string;
  claim(change: BookChange): WebhookDraft['claim'];
}

export class ChangeDraft implements WebhookDraft {
  readonly eventId: string;
  readonly type: string;
  readonly change: BookChange;
  readonly psp: PspContext;
  readonly #words: ChangeWords;

  constructor(words: ChangeWords, content: Pick<ChangeDraft, 'eventId' | 'type' | 'change' | 'psp'>) {
    this.eventId = content.eventId;
    this.type = content.type;
    this.change = content.change;
    this.psp = content.psp;
    this.#words = words;
  }

  get body(): string {
    return this.#words.body(this);
  }

  get claim(): WebhookDraft['claim'] {
    return this.#words.claim(this.change);
  }
}
