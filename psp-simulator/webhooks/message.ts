/**
 * Words of the courier. An *event* is something the PSP has to tell. A *message* is one body on
 * its way, with its own retry plan: the event's own, and more when faults duplicate or forge.
 * A *delivery* is one try at sending a message.
 */
import type { TimerHandle } from '../../kernel/index.ts';
import type { BookChange } from '../core/book-change.ts';
import type { WebhookDraft } from '../dialects/webhook.ts';
import type { SignatureKind } from '../faults/fault.ts';

/** What differs from the truth, for the history. */
export type Tampering = 'amount' | 'currency' | 'state' | 'type' | 'reference' | 'environment' | 'body';

export interface CourierEvent {
  readonly seq: number;
  readonly draft: WebhookDraft;
  /** Null for an event that announces no change of the books. */
  readonly change: BookChange | null;
  /** Ids used while the event was rendered, to render an altered copy with the same ones. */
  readonly ids: readonly string[];
  /** Position among the events of the change. */
  readonly position: number;
  readonly createdAtMs: number;
  /** History index of the book change. */
  readonly cause: number | undefined;
  acknowledged: boolean;
  /** The first of its messages that wait; the others hang on it as a chain, in the order they were posted. */
  waiting: Message | undefined;
}

export interface Message {
  readonly id: string;
  readonly event: CourierEvent;
  readonly draft: WebhookDraft;
  readonly tampered: Tampering | null;
  readonly signature: SignatureKind;
  /** For `stale` signatures. */
  readonly ageMs: number;
  /** Sent under the signature of `draft.body` when the signature is `altered-body`. */
  readonly alteredBody: string | null;
  /** False: tried once, whatever comes back. */
  readonly retries: boolean;
  attempt: number;
  state: 'waiting' | 'sending' | 'acknowledged' | 'dead' | 'given-up';
  /** When its next try is due, in milliseconds of the clock's elapsed time. */
  dueMs: number;
  timer: TimerHandle | undefined;
  // Its place among the messages that wait; see waiting-messages.ts.
  waits: boolean;
  before: Message | undefined;
  after: Message | undefined;
  /** The next one of the same event. */
  next: Message | undefined;
}

/** What a message is when it is posted; the courier adds what it is on its way. */
export type MessageContent = Pick<
  Message,
  'event' | 'draft' | 'tampered' | 'signature' | 'ageMs' | 'alteredBody' | 'retries'
>;

/** The content alone, of a planned message or of one that was on its way already. */
export function contentOf(message: MessageContent): MessageContent {
  const { event, draft, tampered, signature, ageMs, alteredBody, retries } = message;
  return { event, draft, tampered, signature, ageMs, alteredBody, retries };
}

export interface LoggedDelivery {
  readonly seq: number;
  readonly deliveryId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly reference: string | null;
  readonly pspReference: string;
  readonly attempt: number;
  readonly atMs: number;
  readonly url: string;
  readonly signature: SignatureKind;
  readonly tampered: Tampering | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For replays; not shown. */
  readonly message: Message;
  status: number | null;
  /** `pending` while under way; why it failed otherwise. */
  outcome: 'pending' | 'acknowledged' | 'refused' | 'lost' | 'ack-lost' | 'timeout' | 'unreachable' | 'not-allowed';
  /** What went wrong on the network, as a sentence. */
  problem: string | null;
}
