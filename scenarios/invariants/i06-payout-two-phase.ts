/**
 * I6: a payout reserves first, then either posts (the PSP paid) or voids (the PSP certainly
 * will not), never both and each once. Releasing a hold because an answer was late is how a
 * player gets the same money twice.
 */
import { money } from '../history/index.ts';
import type { BookEntry, LedgerEntry, PaymentRecord, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { at, by, finalLedgerRead, hasOpenCase, list, named, payoutBooks, payouts } from './support.ts';

export const payoutTwoPhase: Invariant = {
  id: 'I6',
  title: 'Two-phase payouts',
  says: 'A payout reserves, then posts when the PSP paid or voids when it did not: one of the two, once.',
  judge(run) {
    const findings = new Findings();
    for (const payout of payouts(run)) {
      if (!finalLedgerRead(run, payout)) {
        findings.couldNotSee(`the ledger entries of ${payout.playerId} were not read after the run had settled`);
        continue;
      }
      findings.saw();
      judgePayout(run, payout, findings);
    }
    return findings.judgement();
  },
};

/** One transfer of the ledger: several entries, one effect. */
interface Step {
  entry: LedgerEntry;
  index: number;
  writtenBy: number;
}

function steps(payout: PaymentRecord, kind: string): Step[] {
  const byTransfer = new Map<string, Step>();
  for (const entry of payout.entries) {
    if (entry.kind !== kind || byTransfer.has(entry.transferId)) continue;
    byTransfer.set(entry.transferId, { entry, index: entry.firstSeen.index, writtenBy: entry.writtenBy });
  }
  return [...byTransfer.values()];
}

function judgePayout(run: RunModel, payout: PaymentRecord, findings: Findings): void {
  const books = payoutBooks(payout);
  const phases = {
    reserve: steps(payout, 'payout_reserve'),
    post: steps(payout, 'payout_post'),
    void: steps(payout, 'payout_void'),
  };
  const paid = books.filter((entry) => entry.last.state === 'paid');
  const returned = books.some((entry) => entry.last.state === 'returned');
  const back = steps(payout, 'payout_return');
  const report = (contradiction: string, facts: [string, string], witnesses: number[]): void => {
    findings.violation({ contradiction: `${named(payout)} ${contradiction}`, payment: payout.id, witnesses, facts });
  };
  const seen = (...found: Step[]): number[] => found.map((step) => step.index);
  const inBooks = (entries: readonly BookEntry[]): number[] => entries.map((entry) => entry.last.index);

  for (const [name, found] of Object.entries(phases)) {
    if (found.length > 1)
      report(
        `was ${PAST[name] ?? name} ${found.length} times in the ledger.`,
        [`one ${name}`, `${found.length} of them`],
        seen(...found),
      );
  }
  if (paid.length > 1 && !paidTwiceByPsp(payout, paid)) {
    const who = list(paid.map((entry) => `${entry.psp} ${at(entry.last.t)}`));
    report(`was paid out ${paid.length} times: by ${who}.`, ['one payout', `${paid.length} paid`], inBooks(paid));
  }
  const isTold = hasOpenCase(payout) || !run.casesKnown;
  if (back[0] !== undefined && !returned && !isTold && !books.some((entry) => entry.last.state === 'failed')) {
    report(
      `was given back to the wallet ${by(back[0].writtenBy)} although no PSP had it returned.`,
      ['given back', 'not returned'],
      [back[0].index, ...inBooks(books)],
    );
  }
  const [reserve, post, release] = [phases.reserve[0], phases.post[0], phases.void[0]];
  if (reserve === undefined && books.length > 0) {
    report(
      `was sent to ${books[0]?.psp ?? 'a PSP'} although nothing was reserved for it.`,
      ['sent', 'no reservation'],
      inBooks(books),
    );
  }
  if (post !== undefined && release !== undefined && !returned) {
    report(
      `was both posted ${by(post.writtenBy)} and released ${by(release.writtenBy)}.`,
      ['posted', 'released'],
      seen(post, release),
    );
    return;
  }
  if (post !== undefined) judgePost(books, post, report);
  if (release !== undefined && !returned) judgeRelease(books, release, report);
  if (payout.final === undefined || hasOpenCase(payout) || !run.casesKnown) return;
  if (paid[0] !== undefined && post === undefined && release === undefined) {
    const { psp, last } = paid[0];
    report(
      `was paid by ${psp} ${at(last.t)}, yet ${money(last.amountMinor, payout.currency)} is still only reserved and no case is open.`,
      ['paid', 'not posted'],
      [last.index, payout.final.index],
    );
  }
  if (payout.final.status === 'failed' && reserve !== undefined && post === undefined && release === undefined) {
    report(
      `ends as failed, yet its hold was never released and no case is open.`,
      ['failed', 'hold kept'],
      [reserve.index, payout.final.index],
    );
  }
}

/** One request of ours, several payouts at the PSP: its mistake, and a person has been told. */
function paidTwiceByPsp(payout: PaymentRecord, paid: readonly BookEntry[]): boolean {
  const told = payout.cases.some((item) => item.open && item.kind === 'late_success');
  return told && new Set(paid.map((entry) => `${entry.psp} ${entry.reference}`)).size === 1;
}

const PAST: Readonly<Record<string, string>> = { reserve: 'reserved', post: 'posted', void: 'released' };

type Report = (contradiction: string, facts: [string, string], witnesses: number[]) => void;

function judgePost(books: readonly BookEntry[], post: Step, report: Report): void {
  const paid = books.flatMap((entry) => entry.changes.filter((change) => change.state === 'paid'));
  const first = paid.sort((a, b) => a.t - b.t)[0];
  if (first === undefined) {
    const state = list(books.map((entry) => `${entry.psp} has it as ${entry.last.state}`)) || 'no PSP knows of it';
    report(
      `was posted ${by(post.writtenBy)} although no PSP paid it (${state}).`,
      ['posted', state],
      [post.index, ...books.map((entry) => entry.last.index)],
    );
  } else if (post.writtenBy < first.t) {
    report(
      `was posted ${by(post.writtenBy)}, before the PSP paid it ${at(first.t)}.`,
      [`posted ${by(post.writtenBy)}`, `paid ${at(first.t)}`],
      [post.index, first.index],
    );
  }
}

function judgeRelease(books: readonly BookEntry[], release: Step, report: Report): void {
  const paid = books.find((entry) => entry.last.state === 'paid');
  if (paid !== undefined) {
    report(
      `had its hold released ${by(release.writtenBy)}, yet ${paid.psp} paid it ${at(paid.last.t)}.`,
      ['hold released', `${paid.psp} paid`],
      [release.index, paid.last.index],
    );
    return;
  }
  for (const entry of books) {
    const failed = entry.changes.find((change) => change.state === 'failed');
    // Sent before the release and not yet failed by then: the money was still under way.
    if (entry.changes[0].t > release.writtenBy || (failed !== undefined && failed.t <= release.writtenBy)) continue;
    const since = failed === undefined ? `still has it as ${entry.last.state}` : `only failed it ${at(failed.t)}`;
    report(
      `had its hold released ${by(release.writtenBy)} while ${entry.psp} ${since}.`,
      ['hold released', `${entry.psp} ${since}`],
      [release.index, entry.last.index],
    );
  }
}
