/**
 * Where the money went, per currency: from the PSPs' books into the wallets and out again, as
 * the ledger shows it. Both sides are read on their own and joined per payment, so that a double
 * credit and a missing one do not cancel each other.
 */
import type { LedgerEntry, PaymentRecord, RunModel } from '../history/index.ts';

/** Whether a stream is as it should be, wants a person, or breaks the sum. */
export type FlowTone = 'plain' | 'doubt' | 'bad';

export interface FlowEnd {
  name: string;
  amountMinor: number;
  tone: FlowTone;
}

/** What one PSP's books and the wallets say about the same money, in minor units. */
export interface FlowRow {
  psp: string;
  captured: number;
  credited: number;
  paidOutBooks: number;
  paidOutLedger: number;
  backBooks: number;
  backLedger: number;
}

export interface MoneyFlow {
  currency: string;
  /** Into the wallets. */
  sources: FlowEnd[];
  /** Out of the wallets, and what stays there. */
  sinks: FlowEnd[];
  /** Captured by a PSP and never in a wallet: `from` is the PSP. */
  past: (FlowEnd & { from: string })[];
  rows: FlowRow[];
}

const NOBODY = 'no PSP';

/** One flow per currency, the one with the most payments first; empty when no ledger was read. */
export function moneyFlows(run: RunModel): MoneyFlow[] {
  const uses = new Map<string, number>();
  for (const { currency } of run.payments.values()) uses.set(currency, (uses.get(currency) ?? 0) + 1);
  return [...uses]
    .sort((a, b) => b[1] - a[1])
    .map(([currency]) => flowOf(run, currency))
    .filter(({ sources, past }) => sources.length + past.length > 0);
}

/** True when some probe listed ledger entries: without them only the books are known. */
export function walletsSeen(run: RunModel): boolean {
  return [...run.players.values()].some((player) => player.entriesProbes.length > 0);
}

class Sums {
  private readonly ends = new Map<string, FlowEnd>();

  add(name: string, amountMinor: number, tone: FlowTone = 'plain'): void {
    if (amountMinor <= 0) return;
    const end = this.ends.get(name) ?? { name, amountMinor: 0, tone };
    end.amountMinor += amountMinor;
    this.ends.set(name, end);
  }

  list(): FlowEnd[] {
    return [...this.ends.values()];
  }
}

function flowOf(run: RunModel, currency: string): MoneyFlow {
  const [sources, sinks] = [new Sums(), new Sums()];
  const past: MoneyFlow['past'] = [];
  const rows = new Map<string, FlowRow>();
  const payments = [...run.payments.values()].filter((payment) => payment.currency === currency);
  for (const payment of payments) {
    const psp = pspOf(payment);
    const row = rowOf(rows, psp);
    const moved = movedByKind(payment.entries, currency);
    addDeposit(payment, { psp, row, credited: moved.get('deposit_credit') ?? 0, moved, sources, past });
    for (const [kind, minor] of moved) addMovement({ kind, minor, psp, row, sources, sinks });
    for (const entry of payment.books) {
      if (entry.kind === 'payout' && entry.last.state === 'paid') row.paidOutBooks += entry.last.amountMinor;
    }
  }
  addRest(run, { currency, payments, sources, sinks });
  const total = (ends: readonly FlowEnd[]): number => ends.reduce((sum, end) => sum + end.amountMinor, 0);
  sinks.add('still in wallets', total(sources.list()) - total(sinks.list()));
  return {
    currency,
    sources: sources.list(),
    sinks: sinks.list(),
    past,
    rows: [...rows.values()]
      .filter((row) => Object.values(row).some((value) => typeof value === 'number' && value !== 0))
      .sort((a, b) => a.psp.localeCompare(b.psp)),
  };
}

function rowOf(rows: Map<string, FlowRow>, psp: string): FlowRow {
  const row = rows.get(psp) ?? {
    psp,
    captured: 0,
    credited: 0,
    paidOutBooks: 0,
    paidOutLedger: 0,
    backBooks: 0,
    backLedger: 0,
  };
  rows.set(psp, row);
  return row;
}

/** The PSP that took or paid the money; else the one whose books know the payment at all. */
function pspOf(payment: PaymentRecord): string {
  const took = payment.books.find((entry) => entry.last.capturedMinor > 0 || entry.last.state === 'paid');
  return (took ?? payment.books[0])?.psp ?? NOBODY;
}

/** What each kind of transfer moved into (or out of) wallet and hold together: a mere reservation is nothing. */
function movedByKind(entries: readonly LedgerEntry[], currency: string): Map<string, number> {
  const moved = new Map<string, number>();
  for (const entry of entries) {
    if (entry.currency === currency) moved.set(entry.kind, (moved.get(entry.kind) ?? 0) + entry.amountMinor);
  }
  return moved;
}

interface DepositParts {
  psp: string;
  row: FlowRow;
  credited: number;
  moved: ReadonlyMap<string, number>;
  sources: Sums;
  past: MoneyFlow['past'];
}

function addDeposit(payment: PaymentRecord, { psp, row, credited, moved, sources, past }: DepositParts): void {
  const books = payment.books.filter((entry) => entry.kind === 'payment');
  const captured = books.reduce((sum, entry) => sum + entry.last.capturedMinor, 0);
  const refunded = books.reduce((sum, entry) => sum + entry.last.refundedMinor, 0);
  row.captured += captured;
  row.credited += credited;
  row.backBooks += refunded;
  sources.add(psp, Math.min(captured, credited));
  sources.add('credited, never captured', credited - captured, 'bad');
  const missed = captured - credited;
  if (missed <= 0) return;
  const throughWallet = -[...moved].reduce((sum, [kind, minor]) => sum + (isBack(kind) ? minor : 0), 0);
  const returned = Math.min(missed, Math.max(0, refunded - throughWallet));
  addPast(past, { from: psp, name: 'given back uncredited', amountMinor: returned, tone: 'plain' });
  const told = payment.cases.length > 0;
  const name = told ? 'not credited, a case tells' : 'captured, not credited';
  addPast(past, { from: psp, name, amountMinor: missed - returned, tone: told ? 'doubt' : 'bad' });
}

function addPast(past: MoneyFlow['past'], end: MoneyFlow['past'][number]): void {
  if (end.amountMinor <= 0) return;
  const known = past.find((other) => other.from === end.from && other.name === end.name);
  if (known === undefined) past.push(end);
  else known.amountMinor += end.amountMinor;
}

function isBack(kind: string): boolean {
  return kind.startsWith('refund') || kind === 'deposit_refund';
}

interface Movement {
  kind: string;
  minor: number;
  psp: string;
  row: FlowRow;
  sources: Sums;
  sinks: Sums;
}

/** Everything that is not a deposit's credit. */
function addMovement({ kind, minor, psp, row, sources, sinks }: Movement): void {
  if (kind === 'deposit_credit' || minor === 0) return;
  if (kind.startsWith('payout')) row.paidOutLedger -= minor;
  if (isBack(kind)) row.backLedger -= minor;
  const name = wordsOf(kind, psp);
  if (minor > 0) sources.add(minor > 0 && kind.startsWith('payout') ? `returned by ${psp}` : name, minor);
  else sinks.add(name, -minor);
}

function wordsOf(kind: string, psp: string): string {
  if (kind.startsWith('payout')) return `paid out by ${psp}`;
  if (isBack(kind)) return `refunded by ${psp}`;
  if (kind.startsWith('chargeback')) return `charged back at ${psp}`;
  if (kind.startsWith('platform') || kind.startsWith('round')) return 'the platform and its games';
  return kind.replaceAll('_', ' ');
}

/** Entries that belong to no deposit or payout: the platform's money and its games. */
function addRest(
  run: RunModel,
  rest: { currency: string; payments: readonly PaymentRecord[]; sources: Sums; sinks: Sums },
): void {
  const own = new Set(rest.payments.map((payment) => payment.id));
  for (const player of run.players.values()) {
    const others = player.entries.filter((entry) => !own.has(entry.paymentId));
    for (const [kind, minor] of movedByTransfer(others, rest.currency)) {
      const name = wordsOf(kind, NOBODY);
      if (minor > 0) rest.sources.add(name, minor);
      else rest.sinks.add(name, -minor);
    }
  }
}

function movedByTransfer(entries: readonly LedgerEntry[], currency: string): [kind: string, minor: number][] {
  const transfers = new Map<string, [string, number]>();
  for (const entry of entries) {
    if (entry.currency !== currency) continue;
    const known = transfers.get(entry.transferId) ?? [entry.kind, 0];
    known[1] += entry.amountMinor;
    transfers.set(entry.transferId, known);
  }
  return [...transfers.values()];
}
