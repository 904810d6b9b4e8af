/**
 * I14: work that must be done once is done by one: a settlement that two people bring at the same
 * time is taken in by one of them, and its fees and its transfer stand in the ledger once.
 */
import { money } from '../history/index.ts';
import type { LedgerObservation, Operation, RunModel, ToldBatch } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { settlementSums, unreachedPsps } from './settlement-sums.ts';
import { at } from './support.ts';
import { explains } from './untold-movements.ts';

export const singleRunner: Invariant = {
  id: 'I14',
  title: 'Single runner for batches',
  says: 'A settlement is taken in by one runner, and its fees and its transfer are booked once.',
  judge(run) {
    const findings = new Findings();
    for (const batch of run.settlements.batches) for (const file of batch.files) judgeFile(batch, file, findings);
    judgeList(run, findings);
    const last = run.ledger.findLast((probe) => probe.final);
    if (last === undefined) findings.couldNotSee('the trial balance was not read after the run had settled');
    else judgeBookings(run, last, findings);
    return findings.judgement();
  },
};

function judgeFile(batch: ToldBatch, file: string, findings: Findings): void {
  const all = batch.imports.filter((one) => one.input['file'] === file);
  const taken = all.filter((one) => one.outcome === 'ok');
  if (taken.length === 0) return findings.couldNotSee(`${file} of ${batch.psp} was not taken in`);
  findings.saw();
  const runners = taken.filter((one) => one.answer['replayed'] !== true);
  const ids = new Set(taken.map((one) => String(one.answer['import_id'])));
  if (runners.length < 2 && ids.size < 2) return;
  const times = runners.length < 2 ? `as ${[...ids].join(' and as ')}` : `by ${runners.length} requests`;
  findings.violation({
    contradiction: `The file ${file} of ${batch.psp} was taken in ${times}, first ${at(first(taken).invoked.t)}.`,
    witnesses: taken.flatMap(({ invoked, ended }) => [invoked.index, ended?.index ?? invoked.index]),
    facts: ['one of them takes it in', `${runners.length} did, as ${[...ids].join(', ')}`],
  });
}

function first(operations: readonly Operation[]): Operation {
  const [found] = operations;
  if (found === undefined) throw new Error('bug: no import');
  return found;
}

/** The target knows no settlement twice, and none that nobody closed. */
function judgeList(run: RunModel, findings: Findings): void {
  const { listed, batches } = run.settlements;
  if (listed === undefined) return findings.couldNotSee('the settlements were not listed after the run had settled');
  const closed = countBy(batches.flatMap(sectionsOf));
  const known = countBy(listed.settlements.map(({ psp, currency }) => `${psp} ${currency}`));
  for (const [key, count] of known) {
    findings.saw();
    const most = closed.get(key) ?? 0;
    if (count <= most) continue;
    findings.violation({
      contradiction: `The target lists ${count} settlements of ${key.replace(' ', ' in ')}, and ${most} were closed.`,
      witnesses: [listed.index],
      facts: [`${most} closed`, `${count} listed`],
    });
  }
}

/** A file may have a section for each currency that its lines name. */
function sectionsOf({ psp, currency, lines }: ToldBatch): string[] {
  return [...new Set([currency, ...lines.map((line) => line.currency)])].map((one) => `${psp} ${one}`);
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Fees by PSP, transfers over all of them: there is one bank account per currency. */
function judgeBookings(run: RunModel, ledger: LedgerObservation, findings: Findings): void {
  const unreached = unreachedPsps(run);
  const sums = settlementSums(run);
  const bank = new Map<string, { minor: number; short: number[] }>();
  for (const [key, minor] of sums.transfers) {
    const currency = key.split(' ')[1] ?? '';
    const known = bank.get(currency) ?? { minor: 0, short: [] };
    bank.set(currency, { minor: known.minor + minor, short: [...known.short, ...(sums.short.get(key) ?? [])] });
  }
  for (const [key, minor] of sums.fees) {
    const [psp = '', currency = ''] = key.split(' ');
    if (!unreached.has(psp)) compare(ledger, { account: `fees:${psp}`, currency, minor, short: [] }, findings);
  }
  if (unreached.size > 0) return;
  for (const [currency, expected] of bank) compare(ledger, { account: 'bank', currency, ...expected }, findings);
}

function compare(
  ledger: LedgerObservation,
  expected: { account: string; currency: string; minor: number; short: readonly number[] },
  findings: Findings,
): void {
  const { account, currency, minor, short } = expected;
  const line = ledger.accounts.find((one) => one.account === account && one.currency === currency);
  if (line?.balanceMinor === null) return findings.couldNotSee(`the balance of ${account} could not be read`);
  findings.saw();
  // Accounts outside of the house mirror it: what came to the bank stands there as a minus.
  const booked = 0 - (line?.balanceMinor ?? 0);
  if (booked === minor || explains(short, booked - minor)) return;
  findings.violation({
    contradiction: `The ledger booked ${money(booked, currency)} on ${account} ${at(ledger.t)}, and the settlements say ${money(minor, currency)}.`,
    witnesses: [ledger.index],
    facts: [`settled ${money(minor, currency)}`, `booked ${money(booked, currency)}`],
  });
}
