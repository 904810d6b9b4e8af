/**
 * RunModel: the index over a history that invariants and reports read, and nothing else.
 * Built in one pass per kind of record, then joined: a reference at a PSP is an attempt id of
 * the target, which the payment's probes list.
 *
 *   client ──invoke──▶ target ──exchange──▶ psp ──books──▶ courier ──webhook──▶ target
 *                      probes: payment · entries · wallets · ledger · cases
 */
import { readBooks } from './read-books.ts';
import { markOf, readDeliveries, readExchanges, readOperations, readTold, valueOf } from './read-messages.ts';
import { readPayments } from './read-payments.ts';
import { readSettlements } from './read-settlements.ts';
import { readRefunds } from './read-refunds.ts';
import { readCases, readLedger, readPlayers, stampReader } from './read-target.ts';
import type {
  BookEntry,
  CaseRecord,
  Delivery,
  Exchange,
  FaultMark,
  LedgerEntry,
  LedgerObservation,
  Mark,
  Operation,
  PaymentRecord,
  PlayerRecord,
  RefundRecord,
  ToldEvent,
} from './records.ts';
import type { SettlementRecords } from './settlement-records.ts';
import type { PhaseNote, RunNote } from './note-vocabulary.ts';
import type { FaultValue, HistoryEvent, ProbeFailed } from './vocabulary.ts';

export interface RunModel {
  readonly events: readonly HistoryEvent[];
  readonly note: RunNote | undefined;
  readonly phases: readonly (Mark & { phase: PhaseNote['phase']; converged: boolean | null })[];
  readonly operations: readonly Operation[];
  /** Deposits and payouts by the target's id. */
  readonly payments: ReadonlyMap<string, PaymentRecord>;
  /** Refunds that the platform asked for, by the target's id. */
  readonly refunds: ReadonlyMap<string, RefundRecord>;
  readonly players: ReadonlyMap<string, PlayerRecord>;
  readonly books: readonly BookEntry[];
  readonly exchanges: readonly Exchange[];
  readonly deliveries: readonly Delivery[];
  /** What the target told the platform, where the run listened. */
  readonly told: readonly ToldEvent[];
  readonly ledger: readonly LedgerObservation[];
  readonly cases: readonly CaseRecord[];
  /** A probe of the cases was answered after the run had settled. */
  readonly casesKnown: boolean;
  /** What PSPs settled, and how it was brought to the target. */
  readonly settlements: SettlementRecords;
  readonly faults: readonly FaultMark[];
  readonly failedProbes: readonly (Mark & { probe: string; key: string | null; reason: string; final: boolean })[];
  /** Id of the payment or payout that a PSP's reference belongs to. */
  ownerOf(reference: string | null): string | undefined;
  /** Exchanges about a reference, in order; null for those of which no PSP could tell what they were about. */
  exchangesOf(reference: string | null): readonly Exchange[];
  deliveriesOf(reference: string | null): readonly Delivery[];
}

/** Indexes a history. Linear in the number of events, apart from joins by map. */
export function buildRunModel(events: readonly HistoryEvent[]): RunModel {
  const note = events.find((event) => event.type === 'note' && event.f === 'run');
  const runNote = note === undefined ? undefined : valueOf<RunNote>(note);
  const operations = readOperations(events);
  const books = readBooks(events);
  const exchanges = readExchanges(events);
  const deliveries = readDeliveries(events);
  const stamp = stampReader(runNote);
  const players = readPlayers(events, stamp);
  const cases = readCases(events, stamp);
  const payments = readPayments(events, operations);
  const owners = new Map<string, string>();
  for (const payment of payments.values())
    for (const reference of payment.references) owners.set(reference, payment.id);
  // A PSP that is asked by its own id logs that id, so it leads to the payment as well.
  for (const entry of books) {
    const owner = owners.get(entry.reference);
    if (owner !== undefined && !owners.has(entry.pspReference)) owners.set(entry.pspReference, owner);
    // A target may know its payment by the PSP's id alone, which then leads to what it told the PSP.
    const byPspId = owners.get(entry.pspReference);
    if (byPspId !== undefined && !owners.has(entry.reference)) owners.set(entry.reference, byPspId);
  }
  const refunds = readRefunds(events);
  join(payments, owners, { books, exchanges, deliveries, players, refunds, cases: cases.cases });
  return {
    events,
    note: runNote,
    phases: readPhases(events),
    operations,
    payments,
    refunds,
    players,
    books,
    exchanges,
    deliveries,
    told: readTold(events),
    ledger: readLedger(events),
    cases: cases.cases,
    casesKnown: cases.finalProbe,
    settlements: readSettlements(events),
    faults: readFaults(events),
    failedProbes: readFailedProbes(events),
    ownerOf: (reference) => (reference === null ? undefined : owners.get(reference)),
    exchangesOf: byReference(exchanges),
    deliveriesOf: byReference(deliveries),
  };
}

/** A look-up by reference, so that judging stays linear in the length of the history. */
function byReference<T extends { reference: string | null }>(items: readonly T[]): (reference: string | null) => T[] {
  const groups = new Map<string | null, T[]>();
  for (const item of items) {
    const group = groups.get(item.reference);
    if (group === undefined) groups.set(item.reference, [item]);
    else group.push(item);
  }
  return (reference) => groups.get(reference) ?? [];
}

interface Parts {
  books: BookEntry[];
  exchanges: Exchange[];
  deliveries: Delivery[];
  players: Map<string, PlayerRecord>;
  refunds: Map<string, RefundRecord>;
  cases: CaseRecord[];
}

/** Hangs everything that belongs to a payment on its record. */
function join(payments: Map<string, PaymentRecord>, owners: Map<string, string>, parts: Parts): void {
  const owner = (reference: string | null): PaymentRecord | undefined =>
    reference === null ? undefined : payments.get(owners.get(reference) ?? '');
  const subjects = new Map<string, PaymentRecord>();
  for (const payment of payments.values())
    for (const name of [payment.id, ...payment.references]) subjects.set(name, payment);
  for (const refund of parts.refunds.values()) {
    const payment = payments.get(refund.paymentId);
    if (payment !== undefined) subjects.set(refund.id, payment);
  }
  for (const entry of parts.books) {
    const payment = owner(entry.reference);
    payment?.books.push(entry);
    if (payment !== undefined) subjects.set(entry.pspReference, payment);
  }
  for (const exchange of parts.exchanges) owner(exchange.reference)?.exchanges.push(exchange);
  for (const delivery of parts.deliveries) {
    const payment = owner(delivery.reference);
    payment?.deliveries.push(delivery);
    if (payment !== undefined) subjects.set(delivery.eventId, payment);
  }
  for (const item of parts.cases) subjects.get(item.subjectId)?.cases.push(item);
  const entries: LedgerEntry[] = [...parts.players.values()].flatMap((player) => player.entries);
  for (const entry of entries) payments.get(entry.paymentId)?.entries.push(entry);
}

function readPhases(events: readonly HistoryEvent[]): RunModel['phases'] {
  return events
    .filter((event) => event.type === 'note' && event.f === 'phase')
    .map((event) => {
      const value = valueOf<PhaseNote>(event);
      return { ...markOf(event), phase: value.phase, converged: value.converged ?? null };
    });
}

function readFaults(events: readonly HistoryEvent[]): FaultMark[] {
  return events
    .filter((event) => event.type === 'fault')
    .map((event) => {
      const value = valueOf<FaultValue>(event);
      return {
        ...markOf(event),
        fault: event.f,
        faultId: value.fault_id,
        psp: value.psp ?? null,
        reference: event.key ?? null,
        phase: value.phase ?? 'hit',
      };
    });
}

function readFailedProbes(events: readonly HistoryEvent[]): RunModel['failedProbes'] {
  return events
    .filter((event) => event.f === 'probe-failed')
    .map((event) => {
      const value = valueOf<ProbeFailed>(event);
      return {
        ...markOf(event),
        probe: value.probe ?? 'probe',
        key: event.key ?? null,
        reason: value.reason ?? 'no answer',
        final: value.phase === 'final',
      };
    });
}
