/**
 * What the settlements that a target took in must have moved in its ledger: fees, transfers to
 * the bank, changes between currencies. Counted from what the PSPs told, line by line, for the
 * invariants that compare it with the ledger. No judgement happens here.
 */
import type { Operation, RunModel, ToldBatch } from '../history/index.ts';

export interface SettlementSums {
  /** By `<psp> <currency>`: what the PSP charged for, as agreed, in minor units. */
  fees: Map<string, number>;
  /** By `<psp> <currency>`: what the PSP says that it transferred. */
  transfers: Map<string, number>;
  /** By `<psp> <currency>`: what lines in another currency than their settlement's leave and bring. */
  exchanged: Map<string, number>;
  /** By `<psp> <currency>`: transfers that fell short; where a file has no word for its transfer the target books what is due. */
  short: Map<string, number[]>;
}

/** The settlements that reached the target: all files were accepted, or they are told with the next one. */
export function takenIn(run: RunModel): ToldBatch[] {
  return run.settlements.batches.filter((batch) => wasTaken(run, batch));
}

/** PSPs of which a settlement did not reach the target: what it should have booked is not known. */
export function unreachedPsps(run: RunModel): Set<string> {
  const left = run.settlements.batches.filter((batch) => batch.files.length > 0 && !wasTaken(run, batch));
  return new Set(left.map(({ psp }) => psp));
}

function wasTaken(run: RunModel, batch: ToldBatch): boolean {
  if (batch.files.length > 0) return batch.files.every((file) => batch.imports.some((one) => isTaken(one, file)));
  const { psp, currency, index } = batch;
  const later = run.settlements.batches.filter(
    (other) => other.psp === psp && other.currency === currency && other.index > index && other.files.length > 0,
  );
  return later.some((other) => wasTaken(run, other));
}

function isTaken(operation: Operation, file: string): boolean {
  return operation.outcome === 'ok' && operation.input['file'] === file;
}

export function settlementSums(run: RunModel): SettlementSums {
  const sums: SettlementSums = { fees: new Map(), transfers: new Map(), exchanged: new Map(), short: new Map() };
  const taken = takenIn(run);
  for (const { psp, currency, lines, transferMinor } of taken) {
    const own = `${psp} ${currency}`;
    add(sums.transfers, own, transferMinor);
    for (const line of lines) {
      // A fee of its own is the line's amount, a fee of a movement stands beside it.
      add(sums.fees, own, line.type === 'fee' ? -line.net_minor : line.fee_minor);
      if (line.currency === currency) continue;
      add(sums.exchanged, `${psp} ${line.currency}`, line.gross_minor);
      add(sums.exchanged, own, -line.converted_minor);
    }
  }
  const names = new Set(taken.map(({ batch }) => batch));
  for (const planted of run.settlements.planted) {
    const batch = run.settlements.batches.find((one) => one.batch === planted.batch);
    if (batch === undefined || !names.has(batch.batch)) continue;
    const own = `${planted.psp} ${batch.currency}`;
    // Only what was agreed is booked; the rest is in dispute.
    if (planted.discrepancy === 'wrong-fee') add(sums.fees, own, -planted.byMinor);
    if (planted.discrepancy === 'short-payout') sums.short.set(own, [...(sums.short.get(own) ?? []), planted.byMinor]);
  }
  return sums;
}

function add(sums: Map<string, number>, key: string, minor: number): void {
  sums.set(key, (sums.get(key) ?? 0) + minor);
}
