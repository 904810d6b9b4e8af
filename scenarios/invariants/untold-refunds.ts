/**
 * Refunds that nobody told the target about: made in the PSP's dashboard, every webhook of them
 * swallowed, and no status answer since. No service can book them, and only the PSP's
 * settlement report would show them, so the clearing comparison accepts them either way.
 */
import type { BookEntry, RunModel } from '../history/index.ts';
import { genuine } from './support.ts';

const REFUND_STATES: ReadonlySet<string> = new Set(['refunded', 'partially_refunded']);
const QUESTIONS: ReadonlySet<string> = new Set(['get-payment', 'list-payments', 'get-refund', 'list-refunds']);

/** The refunded part of an entry in minor units, when the target cannot know of it; else 0. */
export function untoldRefund(run: RunModel, entry: BookEntry): number {
  const refund = entry.changes.find((change) => change.refundedMinor > 0);
  if (entry.kind !== 'payment' || refund === undefined) return 0;
  const names = (reference: string | null): boolean =>
    reference === entry.reference || reference === entry.pspReference;
  const delivered = run.deliveries.some(
    (delivery) =>
      delivery.psp === entry.psp &&
      names(delivery.reference) &&
      genuine(delivery) &&
      (delivery.kind === 'refund' || REFUND_STATES.has(delivery.state)) &&
      delivery.ackStatus !== null,
  );
  const answered = run.exchanges.some(
    (exchange) =>
      exchange.psp === entry.psp &&
      QUESTIONS.has(exchange.operation) &&
      (names(exchange.reference) || exchange.reference === null) &&
      exchange.outcome === 'answered' &&
      (exchange.status ?? 500) < 400 &&
      (exchange.ended?.index ?? -1) > refund.index,
  );
  return delivered || answered ? 0 : entry.last.refundedMinor;
}

/** Beyond so many refunds every sum up to their total is taken as possible: their sums double with each. */
const MOST_EXACT = 14;

/** Whether some of the amounts add up to `difference`. */
export function explains(amounts: readonly number[], difference: number): boolean {
  if (amounts.length > MOST_EXACT) return difference >= 0 && difference <= amounts.reduce((sum, one) => sum + one, 0);
  let sums = new Set([0]);
  for (const amount of amounts) sums = new Set([...sums, ...[...sums].map((sum) => sum + amount)]);
  return sums.has(difference);
}
