/**
 * Running totals of the lanes: what players asked for, what the books hold, what was delivered,
 * what wallets have, at every instant of the run. Written as changes per payment, so that the
 * page can add them up for the whole run or for one payment.
 */
import { exponentOf, netCaptured } from '../history/index.ts';
import type { BookEntry, RunModel } from '../history/index.ts';

/** One thing that is added up in a lane. */
export interface TotalMetric {
  lane: number;
  /** Read after a number (`12 sent`) or, for money, before it (`holds 50.00 EUR`). */
  name: string;
  currency: string | null;
  exponent: number;
}

export interface TotalChange {
  metric: number;
  t: number;
  /** Position in `payments`, or -1. */
  pay: number;
  by: number;
}

export interface RunningTotals {
  metrics: TotalMetric[];
  changes: TotalChange[];
}

interface Where {
  laneOf(kind: string, name?: string): number;
  /** Position of a payment on the page, by its id. */
  positions: ReadonlyMap<string, number>;
}

export function runningTotals(run: RunModel, { laneOf, positions }: Where): RunningTotals {
  const metrics: TotalMetric[] = [];
  const changes: TotalChange[] = [];
  const numbers = new Map<string, number>();
  const add = (
    change: { lane: number; name: string; currency?: string; t: number; by: number },
    payment: string | undefined,
  ): void => {
    const { lane, name, currency = null, t, by } = change;
    if (lane < 0 || by === 0) return;
    const key = `${lane} ${name} ${currency ?? ''}`;
    let metric = numbers.get(key);
    if (metric === undefined) {
      metric = metrics.push({ lane, name, currency, exponent: currency === null ? 0 : exponentOf(currency) }) - 1;
      numbers.set(key, metric);
    }
    changes.push({ metric, t, pay: positions.get(payment ?? '') ?? -1, by });
  };
  addPayments(run, laneOf, add);
  addBooks(run, laneOf, add);
  addDeliveries(run, laneOf, add);
  addWallets(run, laneOf, add);
  changes.sort((a, b) => a.t - b.t);
  return { metrics, changes };
}

type Add = (
  change: { lane: number; name: string; currency?: string; t: number; by: number },
  payment: string | undefined,
) => void;

const OPEN: readonly string[] = ['created', 'pending', 'requires_action', 'processing', 'deferred', 'authorized'];

function addPayments(run: RunModel, laneOf: Where['laneOf'], add: Add): void {
  const [player, service] = [laneOf('player'), laneOf('service')];
  for (const payment of run.payments.values()) {
    for (const { invoked, ended, outcome } of payment.operations) {
      add({ lane: player, name: 'asked', t: invoked.t, by: 1 }, payment.id);
      if (ended !== undefined && outcome === 'ok')
        add({ lane: player, name: 'answered', t: ended.t, by: 1 }, payment.id);
    }
    let before: string | undefined;
    for (const { status, t } of payment.observations) {
      const now = OPEN.includes(status) ? 'open' : status.replaceAll('_', ' ');
      if (now === before) continue;
      if (before !== undefined) add({ lane: service, name: before, t, by: -1 }, payment.id);
      add({ lane: service, name: now, t, by: 1 }, payment.id);
      before = now;
    }
  }
}

function addBooks(run: RunModel, laneOf: Where['laneOf'], add: Add): void {
  for (const entry of run.books) {
    if (entry.kind === 'refund') continue;
    let held = 0;
    for (const change of entry.changes) {
      const now = heldAfter(entry, change);
      add(
        { lane: laneOf('psp', entry.psp), name: 'holds', currency: entry.currency, t: change.t, by: now - held },
        run.ownerOf(entry.reference),
      );
      held = now;
    }
  }
}

/** What a PSP holds for us by one entry of its books: captures in, refunds, payouts and disputes out. */
function heldAfter({ kind }: BookEntry, change: BookEntry['last']): number {
  if (kind === 'payment') return netCaptured(change);
  if (kind === 'dispute') return ['open', 'under_review', 'lost'].includes(change.state) ? -change.amountMinor : 0;
  return change.state === 'paid' ? -change.amountMinor : 0;
}

function addDeliveries(run: RunModel, laneOf: Where['laneOf'], add: Add): void {
  const lane = laneOf('deliveries');
  for (const { reference, sent, ended, ackStatus } of run.deliveries) {
    const payment = run.ownerOf(reference);
    add({ lane, name: 'sent', t: sent.t, by: 1 }, payment);
    if (ended === undefined) continue;
    const name = ackStatus === null ? 'lost' : ackStatus < 300 ? 'taken' : 'refused';
    add({ lane, name, t: ended.t, by: 1 }, payment);
  }
}

function addWallets(run: RunModel, laneOf: Where['laneOf'], add: Add): void {
  const lane = laneOf('ledger');
  for (const player of run.players.values()) {
    for (const { writtenBy, currency, amountMinor, paymentId } of player.entries)
      add({ lane, name: 'wallets', currency, t: writtenBy, by: amountMinor }, paymentId);
  }
}
