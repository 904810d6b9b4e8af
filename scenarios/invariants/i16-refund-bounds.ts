/**
 * I16: nothing goes back that was not taken, and nothing twice. Per deposit the refunds at a PSP
 * stay within what it captured, the wallet gives back no more than it was given, and money that
 * was both refunded and charged back is in the hands of a person.
 */
import { money } from '../history/index.ts';
import type { BookEntry, LedgerEntry, PaymentRecord, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { at, by, creditsOf, deposits, finalLedgerRead, named, paymentBooks } from './support.ts';

/** Transfers by which money of a deposit leaves the player, or is reserved to. */
const GIVES_BACK: ReadonlySet<string> = new Set([
  'deposit_reversal',
  'deposit_refund',
  'refund_reserve',
  'refund_post',
  'chargeback',
]);

/** A dispute in one of these states keeps the money from us. */
const TAKEN_BACK: ReadonlySet<string> = new Set(['open', 'under_review', 'lost']);

export const refundBounds: Invariant = {
  id: 'I16',
  title: 'Refund and chargeback bounds',
  says: 'Refunds never exceed what was captured, and what is refunded and charged back becomes a case.',
  judge(run) {
    const findings = new Findings();
    for (const payment of deposits(run).filter(wentBack)) {
      if (!finalLedgerRead(run, payment)) {
        findings.couldNotSee(`the ledger entries of ${payment.playerId} were not read after the run had settled`);
        continue;
      }
      findings.saw();
      judgeBooks(payment, findings);
      judgeLedger(payment, findings);
      judgeAsked(run, payment, findings);
      judgeTwice(run, payment, findings);
    }
    return findings.judgement();
  },
};

/** Something of the deposit was given or taken back, at a PSP or in the ledger. */
export function wentBack(payment: PaymentRecord): boolean {
  return (
    payment.books.some((entry) => entry.kind === 'dispute' || entry.last.refundedMinor > 0) ||
    payment.entries.some((entry) => GIVES_BACK.has(entry.kind)) ||
    payment.requests.some(({ f, outcome }) => f === 'refund' && outcome === 'ok')
  );
}

function judgeBooks(payment: PaymentRecord, findings: Findings): void {
  for (const entry of paymentBooks(payment)) {
    const over = entry.changes.find((change) => change.refundedMinor > change.capturedMinor);
    if (over === undefined) continue;
    findings.violation({
      contradiction: `${named(payment)} had ${money(over.refundedMinor, entry.currency)} refunded by ${entry.psp} ${at(over.t)}, of which it had captured ${money(over.capturedMinor, entry.currency)}.`,
      payment: payment.id,
      witnesses: [over.index],
      facts: [
        `captured ${money(over.capturedMinor, entry.currency)}`,
        `refunded ${money(over.refundedMinor, entry.currency)}`,
      ],
    });
  }
}

/** In the order in which they were written, what the player has of the deposit never falls below zero. */
function judgeLedger(payment: PaymentRecord, findings: Findings): void {
  const credited = creditsOf(payment).reduce((sum, entry) => sum + entry.amountMinor, 0);
  const seen: LedgerEntry[] = [];
  let left = 0;
  for (const [transferId, entries] of byTransfer(payment)) {
    left += entries.reduce((sum, entry) => sum + entry.amountMinor, 0);
    seen.push(...entries);
    if (left >= 0) continue;
    const last = entries[0];
    if (last === undefined) continue;
    findings.violation({
      contradiction: `${named(payment)} gave ${payment.playerId} ${money(credited, payment.currency)}, and ${by(last.writtenBy)} ${money(credited - left, payment.currency)} of it had been taken back (${transferId}, ${last.kind}).`,
      payment: payment.id,
      witnesses: [...creditsOf(payment), ...seen.filter((entry) => GIVES_BACK.has(entry.kind))].map(
        (entry) => entry.firstSeen.index,
      ),
      facts: [
        `credited ${money(credited, payment.currency)}`,
        `taken back ${money(credited - left, payment.currency)}`,
      ],
    });
    return;
  }
}

/** What the platform asked for and got: refunds that did not fail stay within the credit. */
function judgeAsked(run: RunModel, payment: PaymentRecord, findings: Findings): void {
  const standing = [...run.refunds.values()].filter(
    ({ paymentId, final }) =>
      paymentId === payment.id && (final?.status === 'succeeded' || final?.status === 'pending'),
  );
  const sum = standing.reduce((total, { amountMinor }) => total + (amountMinor ?? 0), 0);
  const credited = creditsOf(payment).reduce((total, entry) => total + entry.amountMinor, 0);
  if (sum <= credited) return;
  findings.violation({
    contradiction: `${named(payment)} was credited with ${money(credited, payment.currency)}, and ${standing.length} refunds of ${money(sum, payment.currency)} in all were accepted.`,
    payment: payment.id,
    witnesses: standing.flatMap(({ final }) => (final === undefined ? [] : [final.index])),
    facts: [`credited ${money(credited, payment.currency)}`, `refunds of ${money(sum, payment.currency)}`],
  });
}

function byTransfer(payment: PaymentRecord): Map<string, LedgerEntry[]> {
  const transfers = new Map<string, LedgerEntry[]>();
  for (const entry of [...payment.entries].sort((a, b) => a.entryId - b.entryId))
    transfers.set(entry.transferId, [...(transfers.get(entry.transferId) ?? []), entry]);
  return transfers;
}

/** The same money given back as a refund and taken back by a dispute: somebody must know. */
function judgeTwice(run: RunModel, payment: PaymentRecord, findings: Findings): void {
  if (!run.casesKnown || payment.cases.length > 0) return;
  for (const entry of paymentBooks(payment)) {
    const disputes = disputesOf(payment, entry);
    const disputed = disputes.reduce((sum, dispute) => sum + dispute.last.amountMinor, 0);
    const { capturedMinor, refundedMinor } = entry.last;
    if (disputed === 0 || refundedMinor === 0 || disputed + refundedMinor <= capturedMinor) continue;
    findings.violation({
      contradiction: `${named(payment)} was captured with ${money(capturedMinor, entry.currency)} by ${entry.psp}, of which ${money(refundedMinor, entry.currency)} were refunded and ${money(disputed, entry.currency)} charged back, and no case was opened.`,
      payment: payment.id,
      witnesses: [entry.last.index, ...disputes.map((dispute) => dispute.last.index)],
      facts: [`refunded ${money(refundedMinor, entry.currency)}`, `charged back ${money(disputed, entry.currency)}`],
    });
  }
}

function disputesOf(payment: PaymentRecord, of: BookEntry): BookEntry[] {
  return payment.books.filter(
    (entry) =>
      entry.kind === 'dispute' &&
      entry.psp === of.psp &&
      entry.reference === of.reference &&
      TAKEN_BACK.has(entry.last.state),
  );
}
