/**
 * I10: whatever a PSP settles that is not what the ledger says comes before a person, once and
 * under its right name, and what is in order bothers nobody. Judged by what was planted in the
 * files, and by where the PSPs' books and the ledger differ.
 */
import { money } from '../history/index.ts';
import type { CaseRecord, PaymentRecord, Planted, RunModel } from '../history/index.ts';
import { bookedMinor, movedBy, movedMinor } from './i05-clearing.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { pairPlanted, subjectsOf, usualName } from './planted-discrepancies.ts';
import { takenIn, unreachedPsps } from './settlement-sums.ts';
import { at, finalLedgerRead, list, named } from './support.ts';

export const oneCasePerDiscrepancy: Invariant = {
  id: 'I10',
  title: 'One case per discrepancy',
  says: 'Every discrepancy between what PSPs settle and the ledger becomes one case of its kind, and nothing else does.',
  judge(run) {
    const findings = new Findings();
    if (!run.casesKnown) findings.couldNotSee('the cases were not read after the run had settled');
    for (const psp of unreachedPsps(run)) findings.couldNotSee(`a settlement of ${psp} did not reach the target`);
    const { pairs, unfound, left } = pairPlanted(run);
    findings.saw(pairs.length);
    if (run.casesKnown) for (const planted of unfound) judgeUnfound(run, planted, left, findings);
    for (const item of left) judgeLeft(run, item, { pairs, unfound, findings });
    judgeSettled(run, findings);
    return findings.judgement();
  },
};

function judgeUnfound(run: RunModel, planted: Planted, left: readonly CaseRecord[], findings: Findings): void {
  const subjects = subjectsOf(run, planted);
  const others = left.filter(({ subjectId }) => subjects.includes(subjectId));
  const instead = others.length === 0 ? 'no case says so' : `the case is called ${others[0]?.kind ?? ''}`;
  const [payment] = subjects;
  findings.violation({
    contradiction: `${described(planted)} of ${planted.batch} by ${planted.psp} ${at(planted.t)} is a ${usualName(planted)}, and ${instead}.`,
    ...(payment === undefined ? {} : { payment }),
    witnesses: [planted.index, ...others.map((item) => item.firstSeen.index)],
    facts: [`${planted.psp} told a ${planted.discrepancy}`, instead],
  });
}

/** A case that stands for nothing planted: a second one, or one about a true difference, or one about nothing. */
function judgeLeft(
  run: RunModel,
  item: CaseRecord,
  { pairs, unfound, findings }: Omit<ReturnType<typeof pairPlanted>, 'left'> & { findings: Findings },
): void {
  findings.saw();
  const about = (planted: Planted): boolean => subjectsOf(run, planted).includes(item.subjectId);
  // Told as the violation of what it should have been called.
  if (unfound.some(about) || differs(run, item) || saidByWebhook(run, item)) return;
  const first = pairs.find(({ planted }) => about(planted));
  const payment = run.payments.has(item.subjectId) ? { payment: item.subjectId } : {};
  if (first !== undefined) {
    const { planted, found } = first;
    findings.violation({
      contradiction: `${described(planted)} of ${planted.batch} by ${planted.psp} became two cases: ${found.kind} and ${item.kind}.`,
      ...payment,
      witnesses: [planted.index, found.firstSeen.index, item.firstSeen.index],
      facts: ['one discrepancy', `two cases: ${found.caseId} and ${item.caseId}`],
    });
    return;
  }
  findings.violation({
    contradiction: `Case ${item.caseId} says ${item.kind} of ${item.subjectId} at ${item.psp ?? 'no PSP'}, where nothing was wrong.`,
    ...payment,
    witnesses: [item.firstSeen.index],
    facts: ['books, files and ledger agree', `a case ${item.kind}`],
  });
}

/** The kinds of cases that a genuine webhook with another amount or currency calls for (I3). */
const OF_WEBHOOKS: Readonly<Record<string, string>> = { amount_mismatch: 'amount', currency_mismatch: 'currency' };

/** It is not about a settlement: a webhook of the payment had said something else than was paid. */
function saidByWebhook(run: RunModel, { kind, subjectId, firstSeen }: CaseRecord): boolean {
  const deliveries = run.payments.get(subjectId)?.deliveries ?? [];
  return deliveries.some(
    ({ tampered, signature, ackStatus, sent }) =>
      tampered !== null &&
      tampered === OF_WEBHOOKS[kind] &&
      signature === 'valid' &&
      ackStatus !== null &&
      sent.index < firstSeen.index,
  );
}

/** The case is about money on which the PSP's books and the ledger differ. */
function differs(run: RunModel, item: CaseRecord): boolean {
  const payment = run.payments.get(item.subjectId);
  if (payment !== undefined) return !isBooked(payment);
  return run.books.some((entry) => {
    const owner = run.payments.get(run.ownerOf(entry.reference) ?? '');
    if (entry.psp !== item.psp || (owner !== undefined && isBooked(owner))) return false;
    return item.openMinor !== null && Math.abs(movedBy(entry)) === Math.abs(item.openMinor);
  });
}

function isBooked(payment: PaymentRecord): boolean {
  return movedMinor(payment) === bookedMinor(payment);
}

/** Payments of which the files told the whole truth: where the ledger says something else, somebody must know. */
function judgeSettled(run: RunModel, findings: Findings): void {
  const told = new Map<string, number>();
  for (const { lines } of takenIn(run)) {
    for (const line of lines) {
      const owner = run.ownerOf(line.reference) ?? run.ownerOf(line.psp_reference);
      if (owner !== undefined && line.type !== 'fee') told.set(owner, (told.get(owner) ?? 0) + line.gross_minor);
    }
  }
  for (const [id, minor] of told) {
    const payment = run.payments.get(id);
    if (payment === undefined || minor !== movedMinor(payment)) continue;
    if (!finalLedgerRead(run, payment)) {
      findings.couldNotSee(`the ledger entries of ${payment.playerId} were not read after the run had settled`);
      continue;
    }
    findings.saw();
    if (isBooked(payment) || payment.cases.length > 0 || !run.casesKnown) continue;
    const psps = [...new Set(payment.books.map(({ psp }) => psp))];
    findings.violation({
      contradiction: `${named(payment)} was settled with ${money(minor, payment.currency)} by ${list(psps)}, the ledger says ${money(bookedMinor(payment), payment.currency)}, and no case was opened.`,
      payment: id,
      witnesses: payment.books.map((entry) => entry.last.index),
      facts: [`settled ${money(minor, payment.currency)}`, `ledger ${money(bookedMinor(payment), payment.currency)}`],
    });
  }
}

function described({ discrepancy, grossMinor, currency, byMinor }: Planted): string {
  const words: Readonly<Record<string, string>> = {
    'missing-line': 'The line that is missing',
    'extra-line': 'The line of nobody we know',
    'wrong-amount': 'The line with another amount',
    'wrong-currency': 'The line with another currency',
    'wrong-fee': 'The line with another fee',
    'duplicate-line': 'The line that stands there twice',
    'wrong-reference': 'The line with a reference of nobody',
    'late-line': 'The line that came with a later settlement',
    'split-line': 'The line that came as two',
    'merged-lines': 'The line that stands for two',
    'unannounced-chargeback': 'The chargeback of which nobody told',
    'short-payout': 'The transfer that was too small',
  };
  const what = words[discrepancy] ?? `The ${discrepancy}`;
  if (grossMinor !== null && currency !== null) return `${what} (${money(grossMinor, currency)})`;
  return byMinor === 0 ? what : `${what} (by ${byMinor})`;
}
