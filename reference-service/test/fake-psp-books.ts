/**
 * The books of the scripted PSP: what it really did with money, whatever it answered. Data and
 * sums only; the PSP in `fake-psp.ts` writes them.
 */
import type { PspPaymentAttempt, PspPayoutAttempt } from '../ports/psp-adapter.ts';

export interface FakeRefund {
  /** The PSP's id of the refund. */
  partReference: string;
  amountMinor: number;
  state: 'done' | 'failed';
}

export interface FakeDispute {
  partReference: string;
  amountMinor: number;
  state: 'open' | 'won' | 'lost';
}

export interface FakeBook {
  attempt: PspPaymentAttempt;
  state: 'requires_action' | 'authorized' | 'captured' | 'declined' | 'canceled' | 'refunded';
  /** What was taken; absent: the whole amount, if the state says that anything was. */
  capturedMinor?: number;
  /** By our refund id, or by the PSP's for one that was made in its dashboard. */
  refunds?: Map<string, FakeRefund>;
  disputes?: Map<string, FakeDispute>;
  /** The PSP's token of the method that it kept with this payment. */
  storedToken?: string;
}

export interface FakePayout {
  attempt: PspPayoutAttempt;
  state: 'pending' | 'paid' | 'failed' | 'returned';
}

/** What was taken of a payment, given back or not, in minor units. */
export function takenMinor(book: FakeBook): number {
  const taken = book.state === 'captured' || book.state === 'refunded';
  return taken ? (book.capturedMinor ?? book.attempt.amountMinor) : 0;
}

/** What was given back by refunds that did not fail. */
export function refundedMinor(book: FakeBook): number {
  const refunds = [...(book.refunds?.values() ?? [])].filter(({ state }) => state === 'done');
  return refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** What disputes that are open or lost took back. */
export function disputedMinor(book: FakeBook): number {
  const disputes = [...(book.disputes?.values() ?? [])].filter(({ state }) => state !== 'won');
  return disputes.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** Money of the player that this PSP has. */
export function keptMinor(book: FakeBook): number {
  return book.state === 'refunded' ? 0 : takenMinor(book) - refundedMinor(book) - disputedMinor(book);
}
