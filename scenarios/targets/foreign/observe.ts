/**
 * Balances, entries, ledger and cases of a foreign service as probes show them. A service that
 * keeps only movements on its players' balances has no trial balance of its own: the other half
 * of each movement is then with the PSP of its payment, and so it is written down, `derived`.
 */
import type { Case, Entry, Wallet } from '../../../openapi/generated/payments.ts';
import { majorText, minorUnits } from '../../dsl/amount.ts';
import type { LedgerAccount, ServiceClient } from '../service-client.ts';
import { amountText } from './amounts.ts';
import { NotAsDescribed, NotDescribed } from './errors.ts';
import type { Values } from './fill.ts';
import type { KnownOperations } from './known-operations.ts';
import { pick, pickText } from './pick.ts';
import type { RowReader } from './read-rows.ts';
import type { CaseField, EntryField, ReadingSpec, Target } from './target-file.ts';

export interface ObserverOptions {
  target: Target;
  rows: RowReader;
  values: Values;
  known: KnownOperations;
  firstPsp: string;
}

export function observer(options: ObserverOptions): Pick<ServiceClient, 'wallets' | 'entries' | 'ledger' | 'cases'> {
  const { target, rows, values, known, firstPsp } = options;
  const { balance, entries, ledger, cases } = target.observe ?? {};
  /** Ids that are no numbers, by the order in which they were first seen. */
  const numbers = new Map<string, number>();
  /** Movements by player, as last read: the other half of the ledger. */
  const lastEntries = new Map<string, Entry[]>();

  const rowsFor = async (what: string, spec: ReadingSpec<string>, player?: string): Promise<unknown[]> => {
    const found = await rows.read(what, spec, { ...values, player });
    const whose = spec.answer?.['player'];
    return whose === undefined || player === undefined ? found : found.filter((row) => pickText(row, whose) === player);
  };
  const currencyIn = (row: unknown, path: string | undefined, id?: string): string => {
    const found =
      pickText(row, path) ?? (id === undefined ? undefined : known.get(id)?.currency) ?? target.currencies?.[0];
    if (found === undefined) throw new NotAsDescribed('no currency in the answer: name it, or list `currencies`');
    return found;
  };

  async function wallets(player: string): Promise<Wallet[]> {
    if (balance === undefined) throw new NotDescribed('observe.balance');
    return (await rowsFor('balance', balance, player)).map((row) => {
      const currency = currencyIn(row, balance.answer?.currency);
      const amount = (path: string | undefined): string => amountText(pickText(row, path), currency, target.amounts);
      const held = balance.answer?.held;
      return {
        currency,
        available: amount(balance.answer?.available),
        held: held === undefined ? majorText(0, currency) : amount(held),
      };
    });
  }

  async function entriesOf(player: string): Promise<Entry[]> {
    if (entries === undefined) throw new NotDescribed('observe.entries');
    const found = (await rowsFor('entries', entries, player)).map((row) => entryOf(row, entries, player));
    lastEntries.set(player, found);
    return found;
  }

  function numberOf(id: string): number {
    const number = numbers.get(id) ?? numbers.size + 1;
    numbers.set(id, number);
    return number;
  }

  function entryOf(row: unknown, spec: ReadingSpec<EntryField>, player: string): Entry {
    const paths = spec.answer ?? {};
    const id = pickText(row, paths.id);
    if (id === undefined) throw new NotAsDescribed(`observe.entries: a row has no ${paths.id ?? 'id'}`);
    const paymentId = pickText(row, paths.payment) ?? '';
    const currency = currencyIn(row, paths.currency, paymentId);
    const amount = amountText(pickText(row, paths.amount), currency, target.amounts);
    return {
      entry_id: numberOf(id),
      transfer_id: pickText(row, paths.transfer) ?? id,
      kind: kindOf(pickText(row, paths.kind), paymentId, amount),
      account: pickText(row, paths.account) ?? `wallet:${player}`,
      amount,
      currency,
      payment_id: paymentId,
      created_at: pickText(row, paths.at) ?? '',
    } as Entry;
  }

  /** The service's own word where the file translates it; else what a movement on a payment can only be. */
  function kindOf(word: string | undefined, paymentId: string, amount: string): string {
    const told = word === undefined ? undefined : target.kinds?.[word];
    if (told !== undefined) return told;
    // What nobody asked for here is the platform's, or a deposit whose answer was lost.
    if (known.get(paymentId) === undefined && (target.fund !== undefined || amount.startsWith('-')))
      return amount.startsWith('-') ? 'platform_debit' : 'platform_credit';
    return amount.startsWith('-') ? 'deposit_reversal' : 'deposit_credit';
  }

  async function trialBalance(): Promise<LedgerAccount[]> {
    if (ledger !== undefined)
      return (await rowsFor('ledger', ledger)).map((row) => {
        const currency = currencyIn(row, ledger.answer?.currency);
        return {
          account: pickText(row, ledger.answer?.account) ?? '',
          currency,
          balance: amountText(pickText(row, ledger.answer?.balance), currency, target.amounts),
        };
      });
    if (entries === undefined) throw new NotDescribed('observe.ledger and observe.entries');
    return derived([...lastEntries.values()].flat(), (id) => known.get(id)?.psp ?? firstPsp);
  }

  async function caseList(): Promise<Case[]> {
    if (cases === undefined) throw new NotDescribed('observe.cases');
    if (cases === 'none') return [];
    return (await rowsFor('cases', cases)).map((row, index) => caseOf(row, cases, index));
  }

  return { wallets, entries: entriesOf, ledger: trialBalance, cases: caseList };
}

/** Words and values that mean a case is closed. */
const CLOSED: readonly unknown[] = [false, 0, '0', 'false', 'f', 'closed', 'resolved', 'done', null];

function caseOf(row: unknown, spec: ReadingSpec<CaseField>, index: number): Case {
  const paths = spec.answer ?? {};
  const subject = pickText(row, paths.subject);
  if (subject === undefined) throw new NotAsDescribed(`observe.cases: a row has no ${paths.subject ?? 'subject'}`);
  const open = paths.open === undefined ? true : !CLOSED.includes(pick(row, paths.open));
  return {
    case_id: pickText(row, paths.id) ?? `${subject}-${index + 1}`,
    kind: pickText(row, paths.kind) ?? 'case',
    status: open ? 'open' : 'resolved',
    subject_id: subject,
    psp: pickText(row, paths.psp) ?? null,
    summary: pickText(row, paths.summary) ?? '',
    opened_at: pickText(row, paths.at) ?? '',
  } as Case;
}

/** Accounts of the other half: what each PSP must hold when the movements are true. */
function derived(entries: readonly Entry[], pspOf: (paymentId: string) => string): LedgerAccount[] {
  const sums = new Map<string, { account: string; currency: string; minor: number }>();
  const add = (account: string, currency: string, minor: number): void => {
    const key = `${account} ${currency}`;
    const sum = sums.get(key) ?? { account, currency, minor: 0 };
    sum.minor += minor;
    sums.set(key, sum);
  };
  for (const { payment_id: paymentId, kind, amount, currency } of entries) {
    const minor = minorUnits(amount, currency);
    add('players', currency, minor);
    add(kind.startsWith('platform_') ? 'platform' : `psp:${pspOf(paymentId)}`, currency, -minor);
  }
  return [...sums.values()].map(({ account, currency, minor }) => ({
    account,
    currency,
    balance: majorText(minor, currency),
  }));
}
