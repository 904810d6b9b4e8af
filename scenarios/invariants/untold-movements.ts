/**
 * Money that a PSP moved without a word to the target: a refund made in its dashboard, a dispute, a
 * payout that came back, every webhook of it swallowed, and no answer since that could tell it. No
 * service can book them, and only the PSP's settlement report would show them, so the comparison
 * of clearing accounts accepts them either way.
 */
import { DASHBOARD_KEY } from '../history/index.ts';
import type { BookEntry, BooksChange, Delivery, RunModel } from '../history/index.ts';
import { genuine } from './support.ts';

const REFUND_STATES: ReadonlySet<string> = new Set(['refunded', 'partially_refunded']);

/** Calls whose answers tell it. What is disputed stands in no payment that is asked for. */
const TELLING: Readonly<Record<'payment' | 'payout' | 'dispute', ReadonlySet<string>>> = {
  payment: new Set(['get-payment', 'list-payments', 'get-refund', 'list-refunds']),
  payout: new Set(['get-payout', 'list-payouts']),
  dispute: new Set(['get-dispute', 'list-disputes']),
};

/** A dispute in one of these states has taken the money back from us. */
const TAKEN_BACK: ReadonlySet<string> = new Set(['open', 'under_review', 'lost']);

/** What a dispute or payout in this state leaves with the PSP, in minor units. */
export function movedIn(kind: 'dispute' | 'payout', { state, amountMinor }: BooksChange): number {
  const isOut = kind === 'dispute' ? TAKEN_BACK.has(state) : state === 'paid';
  return isOut ? -amountMinor : 0;
}

/** How much more the target may say that the PSP holds, in minor units, for what it cannot know of an entry; 0: nothing. */
export function untoldMinor(run: RunModel, entry: BookEntry): number {
  switch (entry.kind) {
    case 'payment':
      return untoldRefund(run, entry);
    case 'dispute':
      return believed(run, entry, 'dispute', 0) - movedIn('dispute', entry.last);
    case 'payout': {
      // That it was paid is the target's to find out; that it came back afterwards is not.
      const paid = entry.changes.find(({ state }) => state === 'paid');
      return paid === undefined
        ? 0
        : believed(run, entry, 'payout', movedIn('payout', paid)) - movedIn('payout', entry.last);
    }
    case 'refund':
      return 0;
  }
}

function untoldRefund(run: RunModel, entry: BookEntry): number {
  const refund = entry.changes.find((change) => change.refundedMinor > 0);
  if (refund === undefined) return 0;
  const delivered = deliveriesOf(run, entry).some(({ kind, state }) => kind === 'refund' || REFUND_STATES.has(state));
  return delivered || lastAnswer(run, entry, 'payment') > refund.index ? 0 : entry.last.refundedMinor;
}

/** What the PSP holds by the last that the target was told of it; `untold` when that is nothing. */
function believed(run: RunModel, entry: BookEntry, kind: 'dispute' | 'payout', untold: number): number {
  const answeredAt = lastAnswer(run, entry, kind);
  const words = new Set(
    deliveriesOf(run, entry)
      .filter((delivery) => delivery.kind === kind)
      .map(({ state }) => state),
  );
  const known = entry.changes.findLast((change) => words.has(change.state) || change.index < answeredAt);
  return known === undefined ? untold : movedIn(kind, known);
}

function deliveriesOf(run: RunModel, entry: BookEntry): Delivery[] {
  return run.deliveries.filter(
    (delivery) =>
      delivery.psp === entry.psp &&
      names(entry, delivery.reference) &&
      genuine(delivery) &&
      delivery.ackStatus !== null,
  );
}

/** Place in the history of the last answer that can have told it; -1: there was none. */
function lastAnswer(run: RunModel, entry: BookEntry, kind: keyof typeof TELLING): number {
  const answer = run.exchanges.findLast(
    (exchange) =>
      exchange.psp === entry.psp &&
      TELLING[kind].has(exchange.operation) &&
      (names(entry, exchange.reference) || exchange.reference === null) &&
      exchange.idempotencyKey?.startsWith(DASHBOARD_KEY) !== true &&
      exchange.outcome === 'answered' &&
      (exchange.status ?? 500) < 400,
  );
  return answer?.ended?.index ?? -1;
}

function names(entry: BookEntry, reference: string | null): boolean {
  return reference === entry.reference || reference === entry.pspReference;
}

/** Beyond so many amounts every sum between the least and the most is taken as possible: their sums double with each. */
const MOST_EXACT = 14;

/** Whether some of the amounts add up to `difference`. */
export function explains(amounts: readonly number[], difference: number): boolean {
  if (amounts.length > MOST_EXACT) {
    const sumOf = (some: readonly number[]): number => some.reduce((sum, one) => sum + one, 0);
    const [least, most] = [sumOf(amounts.filter((one) => one < 0)), sumOf(amounts.filter((one) => one > 0))];
    return difference >= least && difference <= most;
  }
  let sums = new Set([0]);
  for (const amount of amounts) sums = new Set([...sums, ...[...sums].map((sum) => sum + amount)]);
  return sums.has(difference);
}
