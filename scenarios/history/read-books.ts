/**
 * The PSPs' books out of a history: one entry per PSP object (two payments under one reference
 * stay two: that is how a double charge looks), with its changes in order.
 */
import { markOf, valueOf } from './read-messages.ts';
import type { BookEntry, BooksChange } from './records.ts';
import type { BooksValue, HistoryEvent } from './vocabulary.ts';

export function readBooks(events: readonly HistoryEvent[]): BookEntry[] {
  const entries = new Map<string, BookEntry>();
  const refunds: { refund: BookEntry; ofKey: string }[] = [];
  for (const event of events) {
    if (event.f !== 'books' || event.type !== 'obs') continue;
    const value = valueOf<BooksValue>(event);
    const change: BooksChange = {
      ...markOf(event),
      state: value.state,
      amountMinor: value.amount_minor,
      capturedMinor: value.captured_minor ?? 0,
      refundedMinor: value.refunded_minor ?? 0,
    };
    const key = `${value.psp} ${value.kind} ${value.psp_reference}`;
    const known = entries.get(key);
    if (known === undefined) {
      const entry: BookEntry = {
        psp: value.psp,
        kind: value.kind,
        pspReference: value.psp_reference,
        reference: value.reference ?? event.key ?? value.psp_reference,
        currency: value.currency,
        changes: [change],
        last: change,
        goingBackMinor: 0,
      };
      entries.set(key, entry);
      if (value.kind === 'refund' && value.payment_psp_reference !== undefined)
        refunds.push({ refund: entry, ofKey: `${value.psp} payment ${value.payment_psp_reference}` });
    } else {
      known.changes.push(change);
      known.last = change;
    }
  }
  for (const { refund, ofKey } of refunds) {
    const payment = entries.get(ofKey);
    if (payment !== undefined && refund.last.state === 'pending') payment.goingBackMinor += refund.last.amountMinor;
  }
  return [...entries.values()];
}

/** Captured minus refunded, in minor units, as the books stand after a change. */
export function netCaptured(change: BooksChange): number {
  return change.capturedMinor - change.refundedMinor;
}

/** The first change after which money was captured; undefined when none ever was. */
export function firstCapture(entry: BookEntry): BooksChange | undefined {
  return entry.changes.find((change) => change.capturedMinor > 0);
}
