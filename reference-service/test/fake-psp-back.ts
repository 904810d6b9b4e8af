/**
 * The back office of the scripted PSP: its books, and what happens there without a call of ours (a
 * refund in its dashboard, a dispute, a returned payout), which changes the books and gives the
 * event that tells of it.
 */
import type { PspEvent } from '../ports/psp-adapter.ts';
import { disputedMinor, keptMinor, refundedMinor, takenMinor } from './fake-psp-books.ts';
import type { FakeBook, FakePayout } from './fake-psp-books.ts';

export class FakePspBack {
  readonly name: string;
  readonly books = new Map<string, FakeBook>();
  readonly payouts = new Map<string, FakePayout>();
  #events = 0;
  #parts = 0;

  constructor(name: string) {
    this.name = name;
  }

  protected book(attemptId: string): FakeBook {
    const book = this.books.get(attemptId);
    if (book === undefined) throw new Error(`bug in a test: ${this.name} has no payment of ${attemptId}`);
    return book;
  }

  protected giveBack(book: FakeBook, refundId: string, refund: { partReference: string; amountMinor: number }): void {
    book.refunds ??= new Map();
    book.refunds.set(refundId, { ...refund, state: 'done' });
    if (refundedMinor(book) === takenMinor(book)) book.state = 'refunded';
  }

  /** Somebody refunds in the PSP's dashboard: the event names no reference of ours. */
  dashboardRefund(attemptId: string, amountMinor: number): PspEvent {
    const book = this.book(attemptId);
    if (amountMinor > keptMinor(book)) throw new Error('bug in a test: refunds more than there is');
    this.#parts += 1;
    const partReference = `re_dashboard_${this.name}_${this.#parts}`;
    this.giveBack(book, partReference, { partReference, amountMinor });
    return this.#partEvent(attemptId, 'refund', 'succeeded', { partReference, amountMinor, reference: null });
  }

  /** A refund that was done comes back: the money is at the PSP again. */
  failRefund(attemptId: string, partReference: string): PspEvent {
    const book = this.book(attemptId);
    const [refundId, refund] = [...(book.refunds ?? [])].find(([, one]) => one.partReference === partReference) ?? [];
    if (refund === undefined || refundId === undefined) throw new Error(`bug in a test: no refund ${partReference}`);
    refund.state = 'failed';
    if (book.state === 'refunded') book.state = 'captured';
    const reference = refundId === partReference ? null : refundId;
    return this.#partEvent(attemptId, 'refund', 'failed', { ...refund, reference });
  }

  /** The issuer takes money back; by default all that is left. */
  openDispute(attemptId: string, amountMinor?: number): PspEvent {
    const book = this.book(attemptId);
    const taken = amountMinor ?? takenMinor(book) - refundedMinor(book) - disputedMinor(book);
    this.#parts += 1;
    const partReference = `dp_${this.name}_${this.#parts}`;
    book.disputes ??= new Map();
    book.disputes.set(partReference, { partReference, amountMinor: taken, state: 'open' });
    return this.#partEvent(attemptId, 'dispute', 'dispute_opened', { partReference, amountMinor: taken });
  }

  endDispute(attemptId: string, partReference: string, end: 'won' | 'lost'): PspEvent {
    const dispute = this.book(attemptId).disputes?.get(partReference);
    if (dispute === undefined) throw new Error(`bug in a test: no dispute ${partReference}`);
    dispute.state = end;
    return this.#partEvent(attemptId, 'dispute', `dispute_${end}`, dispute);
  }

  #partEvent(
    attemptId: string,
    subject: PspEvent['subject'],
    outcome: PspEvent['outcome'],
    part: { partReference: string; amountMinor: number; reference?: string | null },
  ): PspEvent {
    return this.event(attemptId, outcome, {
      subject,
      partReference: part.partReference,
      money: { amountMinor: part.amountMinor, currency: this.book(attemptId).attempt.currency },
      ...(part.reference === undefined ? {} : { reference: part.reference }),
    });
  }

  /** The bank sends a paid payout back. */
  returnPayout(attemptId: string): PspEvent {
    const payout = this.payouts.get(attemptId);
    if (payout === undefined) throw new Error(`bug in a test: ${this.name} has no payout of ${attemptId}`);
    payout.state = 'returned';
    return this.event(attemptId, 'returned');
  }

  /** The body of a webhook about an attempt, as this PSP would send it. */
  event(attemptId: string, outcome: PspEvent['outcome'], more: Partial<PspEvent> = {}): PspEvent {
    this.#events += 1;
    const attempt = this.books.get(attemptId)?.attempt ?? this.payouts.get(attemptId)?.attempt;
    return {
      eventId: `evt_${this.name}_${this.#events}`,
      subject: this.payouts.has(attemptId) ? 'payout' : 'payment',
      outcome,
      reference: attemptId,
      pspReference: this.payouts.has(attemptId) ? `po_${attemptId}` : `psp_${attemptId}`,
      money: attempt === undefined ? null : { amountMinor: attempt.amountMinor, currency: attempt.currency },
      code: null,
      type: `fake.${outcome}`,
      occurredAt: 0,
      ...more,
    };
  }
}
