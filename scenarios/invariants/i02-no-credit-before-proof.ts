/**
 * I2: no credit before the PSP has taken the money and has told the target so, by a genuine
 * webhook or an authenticated API answer. A player's return from 3DS is never proof, and
 * neither is an event whose signature does not hold.
 */
import { firstCapture, money } from '../history/index.ts';
import type { BookEntry, BooksChange, LedgerEntry, PaymentRecord, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import {
  SIGNATURE_WORDS,
  acknowledged,
  at,
  by,
  creditsOf,
  deposits,
  finalLedgerRead,
  firstProof,
  genuine,
  named,
  paymentBooks,
} from './support.ts';

export const noCreditBeforeProof: Invariant = {
  id: 'I2',
  title: 'No credit before proof',
  says: 'A deposit is credited only after its PSP took the money and said so in an authenticated way.',
  judge(run) {
    const findings = new Findings();
    for (const payment of deposits(run)) {
      const credits = creditsOf(payment);
      if (credits.length === 0) {
        if (finalLedgerRead(run, payment)) findings.saw();
        continue;
      }
      if (payment.observations.length === 0) {
        findings.couldNotSee(`${named(payment)} was credited but never probed, so its references at PSPs are unknown`);
        continue;
      }
      findings.saw();
      for (const credit of credits) judgeCredit(run, payment, credit, findings);
    }
    return findings.judgement();
  },
};

function judgeCredit(run: RunModel, payment: PaymentRecord, credit: LedgerEntry, findings: Findings): void {
  const captures: { entry: BookEntry; change: BooksChange }[] = [];
  for (const entry of paymentBooks(payment)) {
    const change = firstCapture(entry);
    if (change !== undefined) captures.push({ entry, change });
  }
  const amount = money(credit.amountMinor, credit.currency);
  const misled = whatMisled(payment, credit);
  const base = { payment: payment.id, witnesses: [credit.firstSeen.index, ...misled.witnesses] };
  const earliest = captures.sort((a, b) => a.change.t - b.change.t)[0];
  if (earliest === undefined) {
    const last =
      paymentBooks(payment)
        .map((entry) => `${entry.psp} has it as ${entry.last.state}`)
        .join(', ') || 'no PSP knows of it';
    findings.violation({
      ...base,
      contradiction: `${named(payment)} was credited with ${amount} ${by(credit.writtenBy)} although no PSP ever captured it (${last})${misled.text}.`,
      witnesses: [...base.witnesses, ...paymentBooks(payment).map((entry) => entry.last.index)],
      facts: [`credited ${amount}`, `captured nothing: ${last}`],
    });
    return;
  }
  if (credit.writtenBy < earliest.change.t) {
    findings.violation({
      ...base,
      contradiction: `${named(payment)} was credited ${by(credit.writtenBy)}, before ${earliest.entry.psp} captured it ${at(earliest.change.t)}${misled.text}.`,
      witnesses: [...base.witnesses, earliest.change.index],
      facts: [`credit ${at(credit.writtenBy)}`, `capture ${at(earliest.change.t)}`],
    });
    return;
  }
  const proofs = captures.flatMap(({ entry, change }) => firstProof(run, entry, change) ?? []);
  const first = proofs.sort((a, b) => a.t - b.t)[0];
  if (first !== undefined && first.t <= credit.writtenBy) return;
  const later = first === undefined ? 'it never said so in a trustworthy way' : `it first said so ${at(first.t)}`;
  findings.violation({
    ...base,
    contradiction: `${named(payment)} was credited ${by(credit.writtenBy)} without proof: ${earliest.entry.psp} had captured it, but ${later}${misled.text}.`,
    witnesses: [...base.witnesses, earliest.change.index, ...(first === undefined ? [] : [first.index])],
    facts: [`credit ${at(credit.writtenBy)}`, first === undefined ? 'no proof at all' : `first proof ${at(first.t)}`],
  });
}

/** What came before the credit and is not proof: a bad event that was accepted, or the player's return. */
function whatMisled(payment: PaymentRecord, credit: LedgerEntry): { text: string; witnesses: number[] } {
  const bad = payment.deliveries
    .filter((delivery) => !genuine(delivery) && delivery.sent.t <= credit.writtenBy && acknowledged(delivery))
    .at(-1);
  if (bad !== undefined) {
    const how =
      bad.signature === 'valid'
        ? `whose ${bad.tampered ?? 'body'} was changed`
        : `with ${SIGNATURE_WORDS[bad.signature]}`;
    return { text: `; an event ${how} was accepted ${at(bad.sent.t)}`, witnesses: [bad.sent.index] };
  }
  const op = payment.operations[0]?.op;
  return { text: '', witnesses: [], ...(op === undefined ? {} : returned(payment, op, credit)) };
}

function returned(
  payment: PaymentRecord,
  op: string,
  credit: LedgerEntry,
): { text: string; witnesses: number[] } | undefined {
  const back = payment.returns
    .filter((operation) => operation.op === op && operation.invoked.t <= credit.writtenBy)
    .at(-1);
  return back === undefined
    ? undefined
    : { text: `; the player's browser had come back ${at(back.invoked.t)}`, witnesses: [back.invoked.index] };
}
