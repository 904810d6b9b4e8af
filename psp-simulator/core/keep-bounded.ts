/**
 * Keeps the books of a long run within bounds: when a limit is passed, the oldest payments and
 * payouts that nothing can happen to any more leave the books, with their refunds and disputes.
 * What is still open is never dropped, however old: a merchant may come back for it.
 */
import type { Books } from './books.ts';
import type { PaymentRecord, PayoutRecord } from './records.ts';

export interface BooksBounds {
  /** Payments and payouts kept, each. */
  mostRecords: number;
}

/** So many of the oldest are looked at per new record; open ones cost no more than this, and the walk goes on behind them. */
const LOOKED_AT = 50;

/** Answers how many were dropped. */
export function keepBounded(books: Books, kind: 'payment' | 'payout', { mostRecords }: BooksBounds): number {
  if (books.count(kind) <= mostRecords) return 0;
  const found: (PaymentRecord | PayoutRecord)[] = [];
  // Two for one, so that the books shrink again after a time in which nothing could be dropped.
  for (let looked = 0; looked < LOOKED_AT && found.length < 2; looked += 1) {
    const record = books.nextOnWalk(kind);
    if (record !== undefined && isOver(books, record) && !found.includes(record)) found.push(record);
  }
  for (const record of found) books.forget(record);
  return found.length;
}

function isOver(books: Books, record: PaymentRecord | PayoutRecord): boolean {
  if (record.kind === 'payout') return record.state !== 'pending';
  const { state, capturableMinor, pspReference } = record;
  if (state === 'created' || state === 'requires_action' || state === 'authorized' || capturableMinor > 0) return false;
  if (books.refundsOf(pspReference).some((refund) => refund.state === 'pending')) return false;
  return !books.disputesOf(pspReference).some(({ state }) => state === 'open' || state === 'under_review');
}
