/**
 * I1: a deposit is credited at most once, and exactly once when a PSP kept the money and the
 * run has settled. An open case excuses a missing credit, never a second one.
 */
import { money, netCaptured, timeText } from '../history/index.ts';
import type { BookEntry, PaymentRecord, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import {
  at,
  creditsOf,
  deposits,
  finalLedgerRead,
  firstTaken,
  hasOpenCase,
  heldByPsps,
  list,
  named,
} from './support.ts';

export const exactlyOnceCredit: Invariant = {
  id: 'I1',
  title: 'Exactly-once credit',
  says: 'A deposit is credited at most once, and exactly once when a PSP kept the money.',
  judge(run) {
    const findings = new Findings();
    for (const payment of deposits(run)) judgePayment(run, payment, findings);
    for (const entry of orphans(run)) {
      findings.couldNotSee(
        `${entry.psp} captured ${money(netCaptured(entry.last), entry.currency)} under reference ${entry.reference}, which no observed payment lists`,
      );
    }
    return findings.judgement();
  },
};

function judgePayment(run: RunModel, payment: PaymentRecord, findings: Findings): void {
  const credits = creditsOf(payment);
  if (credits.length > 1) {
    const total = credits.reduce((sum, credit) => sum + credit.amountMinor, 0);
    const times = list(credits.map((credit) => timeText(credit.writtenBy)));
    findings.violation({
      contradiction: `${named(payment)} was credited ${credits.length} times to ${payment.playerId} (by ${times}): ${money(total, payment.currency)} in all.`,
      payment: payment.id,
      witnesses: [
        ...credits.map((credit) => credit.firstSeen.index),
        ...heldByPsps(payment).map((entry) => entry.last.index),
      ],
      facts: ['one deposit', `${credits.length} credits`],
    });
  }
  if (!finalLedgerRead(run, payment)) {
    findings.couldNotSee(`the ledger entries of ${payment.playerId} were not read after the run had settled`);
    return;
  }
  findings.saw();
  if (credits.length > 0) return;
  judgeMissingCredit(run, payment, findings);
}

function judgeMissingCredit(run: RunModel, payment: PaymentRecord, findings: Findings): void {
  const kept = heldByPsps(payment)[0];
  const ledgerRead = run.players.get(payment.playerId)?.entriesProbes.at(-1)?.index ?? 0;
  if (kept === undefined && payment.final?.status !== 'succeeded') return;
  if (hasOpenCase(payment)) return;
  if (!run.casesKnown) return findings.couldNotSee('the cases were not read after the run had settled');
  const witnesses = [ledgerRead, ...(payment.final === undefined ? [] : [payment.final.index])];
  if (kept === undefined) {
    findings.violation({
      contradiction: `${named(payment)} ends as succeeded, yet ${payment.playerId} was never credited.`,
      payment: payment.id,
      witnesses,
      facts: ['status succeeded', 'no credit'],
      ...whileOpen(payment),
    });
    return;
  }
  const capture = firstTaken(kept);
  findings.violation({
    contradiction: `${named(payment)} was captured by ${kept.psp} ${at(capture.t)} and kept, yet ${payment.playerId} was never credited and no case is open.`,
    payment: payment.id,
    witnesses: [capture.index, ...witnesses],
    facts: [`${kept.psp} keeps ${money(netCaptured(kept.last), kept.currency)}`, 'no credit'],
    ...whileOpen(payment),
  });
}

/** A target that calls the deposit failed will not credit it; any other may only need more time. */
function whileOpen({ final }: PaymentRecord): { liveness?: true } {
  return ['declined', 'failed', 'canceled'].includes(final?.status ?? '') ? {} : { liveness: true };
}

/**
 * Captures that belong to no payment the harness knows, as when a client never got an answer.
 * A credit or a case of the target that fits explains one; the trial balance (I5) sees the sum.
 */
function orphans(run: RunModel): BookEntry[] {
  const spare = [...run.players.values()]
    .flatMap((player) => player.entries)
    .filter((entry) => entry.kind === 'deposit_credit' && !run.payments.has(entry.paymentId));
  const cased = new Set(run.cases.map((item) => item.subjectId));
  return run.books.filter((entry) => {
    if (entry.kind !== 'payment' || netCaptured(entry.last) <= 0 || run.ownerOf(entry.reference) !== undefined)
      return false;
    if (cased.has(entry.pspReference) || cased.has(entry.reference)) return false;
    const fits = spare.findIndex(
      (credit) => credit.amountMinor === entry.last.capturedMinor && credit.currency === entry.currency,
    );
    if (fits >= 0) spare.splice(fits, 1);
    return fits < 0;
  });
}
