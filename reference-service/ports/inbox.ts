/**
 * Inbox: verified webhook events, stored before they are acknowledged, processed afterwards.
 *
 * What must hold: `store` is atomic and remembers (psp, eventId) for ever, so that the same
 * event is stored once under any concurrency; what was stored is processed or becomes a case. A
 * nonce belongs to the body that it came with first: with another body nothing is stored.
 */
import type { PspEvent } from './psp-adapter.ts';
import type { Unit } from './unit.ts';

export interface StoredEvent {
  psp: string;
  event: PspEvent;
  tries: number;
  /** Times that a person had it processed again; absent: none. */
  replays?: number;
}

export interface InboxMessage {
  psp: string;
  event: PspEvent;
  rawBody: Buffer;
  headers: Record<string, string>;
  receivedAt: number;
  /** Until then it is left to the process that stores it; absent: any process may take it at once. */
  leftUntil?: number;
  /** `read`: our own question brought it, not a delivery. */
  origin?: 'read';
  /** What the PSP says but once, where its signature does not bind the body. */
  nonce?: { value: string; bodyHash: string; expiresAt: number };
}

export interface InboxPort {
  /** `duplicate`: this event id was stored before. `replayed`: its nonce came with another body before. Both store nothing. */
  store(unit: Unit, message: InboxMessage): Promise<'stored' | 'duplicate' | 'replayed'>;
  /**
   * Locks one waiting event for this transaction, or gives null when it is done already or
   * another process works on it right now.
   */
  take(unit: Unit, key: { psp: string; eventId: string }): Promise<StoredEvent | null>;
  finish(unit: Unit, key: { psp: string; eventId: string }, outcome: string): Promise<void>;
  /** After a failure: when to look again, or null to give up (`dead`). */
  postpone(unit: Unit, key: { psp: string; eventId: string }, nextStepAt: number | null): Promise<void>;
}
