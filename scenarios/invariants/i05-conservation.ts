/**
 * I5: money is neither made nor lost. The trial balance is zero in every currency, a wallet is
 * the sum of its entries, entries never disappear, and once the run has settled each PSP's
 * clearing account says what that PSP's books say, unless an open case explains a difference.
 */
import { money } from '../history/index.ts';
import type { LedgerObservation, PlayerRecord } from '../history/index.ts';
import { judgeClearing } from './i05-clearing.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { at } from './support.ts';

export const conservation: Invariant = {
  id: 'I5',
  title: 'Conservation',
  says: 'The ledger sums to zero, wallets equal their entries, and PSP clearing accounts equal the books.',
  judge(run) {
    const findings = new Findings();
    for (const probe of run.ledger) judgeBalance(probe, findings);
    for (const player of run.players.values()) {
      judgeEntriesStay(player, findings);
      judgeWallets(player, findings);
    }
    const last = run.ledger.findLast((probe) => probe.final);
    if (last === undefined) findings.couldNotSee('the trial balance was not read after the run had settled');
    else judgeClearing(run, last, findings);
    return findings.judgement();
  },
};

function judgeBalance(probe: LedgerObservation, findings: Findings): void {
  const sums = new Map<string, number>();
  for (const line of probe.accounts) {
    if (line.balanceMinor === null) return findings.couldNotSee(`the balance of ${line.account} could not be read`);
    sums.set(line.currency, (sums.get(line.currency) ?? 0) + line.balanceMinor);
  }
  findings.saw();
  for (const [currency, sum] of sums) {
    if (sum === 0) continue;
    findings.violation({
      contradiction: `All ledger accounts in ${currency} add up to ${money(sum, currency)} ${at(probe.t)} instead of zero.`,
      witnesses: [probe.index],
      facts: ['every transfer sums to zero', `the sum is ${money(sum, currency)}`],
    });
  }
}

function judgeEntriesStay(player: PlayerRecord, findings: Findings): void {
  for (const [n, probe] of player.entriesProbes.entries()) {
    const before = player.entriesProbes[n - 1];
    if (before === undefined) continue;
    const gone = [...before.entryIds].find((id) => !probe.entryIds.has(id));
    if (gone === undefined) continue;
    const entry = player.entries.find((known) => known.entryId === gone);
    const what =
      entry === undefined
        ? `entry ${gone}`
        : `entry ${gone} (${entry.kind}, ${money(entry.amountMinor, entry.currency)})`;
    findings.violation({
      contradiction: `Ledger ${what} of ${player.id} was there ${at(before.t)} and gone ${at(probe.t)}: the ledger is not append-only.`,
      ...(entry === undefined ? {} : { payment: entry.paymentId }),
      witnesses: [before.index, probe.index],
      facts: ['the entry existed', 'the entry is gone'],
    });
    return;
  }
}

/** Compares balances with entries, only where both were read after the run had settled. */
function judgeWallets(player: PlayerRecord, findings: Findings): void {
  const wallets = player.walletProbes.findLast((probe) => probe.final);
  const entries = player.entriesProbes.findLast((probe) => probe.final);
  if (wallets === undefined || entries === undefined) {
    return findings.couldNotSee(`the wallet and entries of ${player.id} were not both read after the run had settled`);
  }
  if (player.unreadable.length > 0)
    return findings.couldNotSee(`an entry of ${player.id} has an amount that cannot be read`);
  const currencies = new Set([
    ...wallets.wallets.map((wallet) => wallet.currency),
    ...player.entries.map((entry) => entry.currency),
  ]);
  for (const currency of currencies) {
    const wallet = wallets.wallets.find((candidate) => candidate.currency === currency) ?? {
      availableMinor: 0,
      heldMinor: 0,
    };
    if (wallet.availableMinor === null || wallet.heldMinor === null) {
      findings.couldNotSee(`the ${currency} wallet of ${player.id} has an amount that cannot be read`);
      continue;
    }
    findings.saw();
    const witnesses = [wallets.index, entries.index];
    const sumOf = (account: string): number =>
      player.entries
        .filter(
          (entry) =>
            entries.entryIds.has(entry.entryId) && entry.currency === currency && entry.account.startsWith(account),
        )
        .reduce((sum, entry) => sum + entry.amountMinor, 0);
    const compare = (name: string, balance: number, sum: number): void => {
      if (balance === sum) return;
      findings.violation({
        contradiction: `The ${currency} wallet of ${player.id} shows ${money(balance, currency)} ${name}, but its entries add up to ${money(sum, currency)}.`,
        witnesses,
        facts: [`balance ${money(balance, currency)}`, `entries ${money(sum, currency)}`],
      });
    };
    compare('available', wallet.availableMinor, sumOf('wallet:'));
    // Targets may list wallet accounts only; then what is held cannot be recomputed here.
    if (player.entries.some((entry) => entry.account.startsWith('hold:')))
      compare('held', wallet.heldMinor, sumOf('hold:'));
    judgeFloor(player, currency, wallet, witnesses, findings);
  }
}

/** No balance below zero, except a wallet from which a deposit was taken back after it was spent. */
function judgeFloor(
  player: PlayerRecord,
  currency: string,
  wallet: { availableMinor: number | null; heldMinor: number | null },
  witnesses: number[],
  findings: Findings,
): void {
  const reversed = player.entries.some((entry) => entry.kind === 'deposit_reversal' && entry.currency === currency);
  for (const [name, balance] of [
    ['available', reversed ? 0 : wallet.availableMinor],
    ['held', wallet.heldMinor],
  ] as const) {
    if (balance === null || balance >= 0) continue;
    findings.violation({
      contradiction: `The ${currency} wallet of ${player.id} ends with ${money(balance, currency)} ${name}, below zero.`,
      witnesses,
      facts: ['a balance is never below zero', `${name} ${money(balance, currency)}`],
    });
  }
}
