/**
 * The part of I5 that compares two worlds: what the target's ledger says a PSP holds for it
 * (account `psp:<name>`) and what that PSP's own books say, less what its settlements paid out and
 * charged where they were imported. Beside I5 because the comparison has its own rules about what
 * an open case explains.
 */
import { money, netCaptured } from '../history/index.ts';
import type { BookEntry, LedgerObservation, PaymentRecord, RunModel } from '../history/index.ts';
import type { Findings } from './invariant.ts';
import { pairPlanted } from './planted-discrepancies.ts';
import { settlementSums, unreachedPsps } from './settlement-sums.ts';
import { at } from './support.ts';
import { explains, movedIn, untoldMinor } from './untold-movements.ts';

/**
 * Judges every PSP and currency that moved money. The clearing account is the mirror of the
 * player's money: captures make it negative, payouts positive. A PSP named by an open case, or
 * touched by a payment with one, is left out: a person has been told. Not so for a case that
 * stands for something wrong in a settlement file: what the file said is counted as it was said.
 * What nobody told the target about may stand in its ledger or not.
 */
export function judgeClearing(run: RunModel, ledger: LedgerObservation, findings: Findings): void {
  const books = new Map<string, PspMoney>();
  for (const entry of run.books) {
    const moved = movedBy(entry);
    if (entry.kind === 'refund') continue;
    const key = `${entry.psp} ${entry.currency}`;
    const sum = books.get(key) ?? { psp: entry.psp, currency: entry.currency, held: 0, entries: [], untold: [] };
    sum.held += moved;
    const untold = untoldMinor(run, entry);
    if (untold !== 0) sum.untold.push(untold);
    if (moved !== 0) sum.entries.push(entry);
    books.set(key, sum);
  }
  for (const line of ledger.accounts) {
    const psp = line.account.startsWith('psp:') ? line.account.slice(4) : undefined;
    if (psp !== undefined && !books.has(`${psp} ${line.currency}`)) {
      books.set(`${psp} ${line.currency}`, { psp, currency: line.currency, held: 0, entries: [], untold: [] });
    }
  }
  const excused = excusedPsps(run);
  const unreached = unreachedPsps(run);
  const settled = settledOf(run);
  for (const { psp, currency, held: atPsp, entries, untold } of books.values()) {
    if (excused(psp)) continue;
    if (unreached.has(psp)) {
      findings.couldNotSee(`a settlement of ${psp} did not reach the target`);
      continue;
    }
    findings.saw();
    const { minor: paidOut, short } = settled(`${psp} ${currency}`);
    const held = atPsp - paidOut;
    const line = ledger.accounts.find(
      (candidate) => candidate.account === `psp:${psp}` && candidate.currency === currency,
    );
    const booked = -(line?.balanceMinor ?? 0);
    if (booked === held) continue;
    if (explains(untold, booked - held) || explains(short, held - booked)) continue;
    const less = paidOut === 0 ? '' : ` less what was settled (${money(paidOut, currency)})`;
    const culprits = entries.filter((entry) => unbooked(run, entry));
    findings.violation({
      contradiction: `The ledger says ${psp} holds ${money(booked === 0 ? 0 : booked, currency)} for us ${at(ledger.t)}, its books${less} say ${money(held, currency)}, and no case is open.`,
      ...paymentOf(run, culprits[0]),
      witnesses: [
        ...(culprits.length > 0 ? culprits : entries).slice(0, 5).map((entry) => entry.last.index),
        ledger.index,
      ],
      facts: [
        `ledger ${money(booked === 0 ? 0 : booked, currency)}`,
        `books${less} ${money(held === 0 ? 0 : held, currency)}`,
      ],
    });
  }
}

/** What settlements took from a clearing account: `<psp> <currency>` in, minor units out. */
function settledOf(run: RunModel): (key: string) => { minor: number; short: readonly number[] } {
  const { fees, transfers, exchanged, short } = settlementSums(run);
  return (key) => ({
    minor: (fees.get(key) ?? 0) + (transfers.get(key) ?? 0) + (exchanged.get(key) ?? 0),
    short: short.get(key) ?? [],
  });
}

/** What one PSP has of one currency by its own books. */
interface PspMoney {
  psp: string;
  currency: string;
  held: number;
  entries: BookEntry[];
  /** What more the target may say that it holds, for each entry that it cannot know all of. */
  untold: number[];
}

/** What an entry of the books leaves with the PSP, in minor units: captures in, refunds, payouts and disputes out. */
export function movedBy(entry: BookEntry): number {
  if (entry.kind === 'payment') return netCaptured(entry.last);
  return entry.kind === 'refund' ? 0 : movedIn(entry.kind, entry.last);
}

/** The books moved money for a payment whose ledger entries do not add up to the same, also without what nobody told. */
function unbooked(run: RunModel, entry: BookEntry): boolean {
  const owner = run.payments.get(run.ownerOf(entry.reference) ?? '');
  if (owner === undefined) return true;
  const untold = owner.books.map((one) => untoldMinor(run, one));
  return !explains(untold, bookedMinor(owner) - movedMinor(owner));
}

/** What the PSPs have of a payment by their books, in minor units. */
export function movedMinor({ books }: PaymentRecord): number {
  return books.filter((entry) => entry.kind !== 'refund').reduce((sum, entry) => sum + movedBy(entry), 0);
}

/** The same by the ledger, over wallet and hold: what is only reserved adds up to nothing. */
export function bookedMinor({ entries }: PaymentRecord): number {
  return entries.reduce((sum, line) => sum + line.amountMinor, 0);
}

function paymentOf(run: RunModel, entry: BookEntry | undefined): { payment?: string } {
  const payment = entry === undefined ? undefined : run.ownerOf(entry.reference);
  return payment === undefined ? {} : { payment };
}

function excusedPsps(run: RunModel): (psp: string) => boolean {
  const touched = new Set<string>();
  let all = !run.casesKnown;
  const owners = new Map([...run.payments.values()].flatMap((payment) => payment.cases.map((item) => [item, payment])));
  const ofFiles = new Set(pairPlanted(run).pairs.map(({ found }) => found));
  for (const item of run.cases) {
    if (!item.open || ofFiles.has(item)) continue;
    if (item.psp !== null) touched.add(item.psp);
    const payment = owners.get(item);
    for (const attempt of payment?.observations.at(-1)?.attempts ?? []) touched.add(attempt.psp);
    if (payment === undefined && item.psp === null) all = true;
  }
  return (psp) => all || touched.has(psp);
}
