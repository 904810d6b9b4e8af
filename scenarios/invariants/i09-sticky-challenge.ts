/**
 * I9: a deposit that waits for its payer stays where it is. While a PSP waits at its challenge,
 * no other PSP is asked for the same deposit, and only the PSP that began is asked to complete
 * or capture it: else the payer approves one payment and is charged by another.
 */
import type { BookEntry, BooksChange, PaymentRecord, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { at, deposits, named, paymentBooks } from './support.ts';

const WAITS = 'requires_action';

/** Steps that belong to the payment that a payer has approved. */
const FOLLOW_UPS: ReadonlySet<string> = new Set(['confirm-payment', 'capture']);

const QUERIES: ReadonlySet<string> = new Set(['get-payment', 'list-payments']);

export const stickyChallenge: Invariant = {
  id: 'I9',
  title: 'Sticky routing through a challenge',
  says: 'While a PSP waits for the payer no other PSP is asked, and that PSP alone completes the deposit.',
  judge(run) {
    const findings = new Findings();
    for (const payment of deposits(run)) {
      for (const entry of paymentBooks(payment)) {
        const began = entry.changes.find((change) => change.state === WAITS);
        if (began === undefined) continue;
        findings.saw();
        judgeChallenge(run, payment, entry, began, findings);
      }
    }
    return findings.judgement();
  },
};

/** Whether the books show a challenge at all. */
export function hasChallenge(run: RunModel): boolean {
  return run.books.some((entry) => entry.kind === 'payment' && entry.changes.some((change) => change.state === WAITS));
}

function judgeChallenge(
  run: RunModel,
  payment: PaymentRecord,
  entry: BookEntry,
  began: BooksChange,
  findings: Findings,
): void {
  const ended = entry.changes.find((change) => change.index > began.index && change.state !== WAITS);
  for (const exchange of payment.exchanges) {
    const { psp, operation, received } = exchange;
    if (psp === entry.psp || received.index <= began.index) continue;
    const isRival = operation === 'create-payment' && received.index < (ended?.index ?? Infinity);
    const isFollowUp = FOLLOW_UPS.has(operation) && exchange.reference === entry.reference;
    if (!isRival && !isFollowUp) continue;
    // The PSP was asked and did not know of it: what it then shows its payer is the PSP's fault.
    if (isRival && wasAsked(run, entry, began, received.index)) continue;
    const what = isRival ? `was sent to ${psp} ${at(received.t)}` : `was to be completed by ${psp} ${at(received.t)}`;
    findings.violation({
      contradiction: `${named(payment)} ${what} although ${entry.psp} had been waiting for the payer since ${at(began.t).slice(3)}.`,
      payment: payment.id,
      witnesses: [began.index, received.index],
      facts: [`${entry.psp} waits for the payer`, `${operation} at ${psp}`],
    });
    return;
  }
}

function wasAsked(run: RunModel, entry: BookEntry, began: BooksChange, beforeIndex: number): boolean {
  return [entry.reference, entry.pspReference, null]
    .flatMap((name) => run.exchangesOf(name))
    .some(
      (exchange) =>
        exchange.psp === entry.psp &&
        QUERIES.has(exchange.operation) &&
        exchange.outcome === 'answered' &&
        exchange.received.index > began.index &&
        (exchange.ended?.index ?? Infinity) < beforeIndex,
    );
}
