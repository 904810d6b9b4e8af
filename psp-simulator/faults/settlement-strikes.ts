/**
 * Settlement strikes: turns a true batch into the one that the merchant is told about. Each
 * strike leaves out, adds or changes lines; totals are counted again, so that the file agrees
 * with itself and disagrees with the books only. Lines that are held back are handed over with
 * it: they belong into the next batch of the same PSP and currency.
 */
import type { Random } from '../../kernel/index.ts';
import type { SettlementBatch, SettlementLine } from '../settlement/settlement.ts';
import type { SettlementEffect } from './effects.ts';
import type { SettlementFault } from './fault.ts';
import type { PlannedFault } from './read-fault.ts';
import type { Prepare, StrikePoint } from './strike-point.ts';

type Strike = (point: StrikePoint, prepare: Prepare<SettlementEffect>) => SettlementEffect[];

/** What the merchant is told, and what he is told one batch too late. */
export interface ToldBatch {
  readonly batch: SettlementBatch;
  readonly later: readonly SettlementLine[];
}

export interface ClosedAt {
  readonly psp: string;
  readonly batch: SettlementBatch;
  readonly cause: number | undefined;
}

export class SettlementStrikes {
  readonly #random: Random;
  readonly #strike: Strike;

  constructor(random: Random, strike: Strike) {
    this.#random = random;
    this.#strike = strike;
  }

  alter(closed: ClosedAt, faults: readonly PlannedFault[]): ToldBatch {
    let { batch } = closed;
    const later: SettlementLine[] = [];
    for (const fault of faults) {
      const kind = fault.kind as SettlementFault<unknown>;
      let left = limitOf(fault, kind);
      for (const line of this.#candidates(kind, batch, fault)) {
        if (left === 0) break;
        // An earlier strike may have taken the line out.
        if (line !== null && !batch.lines.includes(line)) continue;
        const effect = this.#strikeOnce({ ...closed, fault, kind, batch, line });
        if (effect === undefined) continue;
        batch = applied(batch, effect);
        later.push(...(effect.hold ?? []));
        left -= 1;
      }
    }
    return { batch, later };
  }

  #strikeOnce(at: {
    psp: string;
    cause: number | undefined;
    fault: PlannedFault;
    kind: SettlementFault<unknown>;
    batch: SettlementBatch;
    line: SettlementLine | null;
  }): SettlementEffect | undefined {
    const { psp, cause, fault, kind, batch, line } = at;
    const [effect] = this.#strike(
      {
        psp,
        reference: line?.reference ?? null,
        entity: line?.id ?? batch.id,
        name: kind.touches === 'line' ? (line?.type ?? 'batch') : 'batch',
        attempt: batch.number,
        evidence: { batch_id: batch.id },
        cause,
        atMs: batch.toMs,
        facts: () => ({
          methods: line === null ? [] : [line.method],
          amountMinor: line === null ? null : Math.abs(line.grossMinor),
          currency: line?.currency ?? null,
          players: [],
        }),
      },
      (_kind, planned, draw) => (planned === fault ? kind.effect(planned.parameters, draw, { batch, line }) : null),
    );
    return effect;
  }

  /** The lines in the order in which they are tried: by lot, so that the first line of a batch is not always the one. */
  #candidates(
    kind: SettlementFault<unknown>,
    batch: SettlementBatch,
    fault: PlannedFault,
  ): readonly (SettlementLine | null)[] {
    if (kind.touches === 'batch') return [batch.lines[0] ?? null];
    const fitting = batch.lines.filter((line) => kind.appliesTo?.(line) !== false);
    const lot = (line: SettlementLine): number => this.#random.unit('fault-lot', fault.id, line.id);
    return fitting.sort((a, b) => lot(a) - lot(b));
  }
}

function limitOf({ spec }: PlannedFault, kind: SettlementFault<unknown>): number {
  const limited = spec.chance === undefined && spec.count === undefined && spec.nth === undefined;
  return limited ? (kind.linesPerBatch ?? 1) : Infinity;
}

function applied(batch: SettlementBatch, effect: SettlementEffect): SettlementBatch {
  const removed = new Set(effect.remove ?? []);
  const added = effect.add ?? [];
  const place = batch.lines.findIndex((line) => removed.has(line.id));
  const lines = batch.lines.flatMap((line, index) => {
    if (!removed.has(line.id)) return [line];
    return index === place ? added : [];
  });
  return totalled(batch, place < 0 ? [...lines, ...added] : lines, effect.transferLessMinor ?? 0);
}

/** The batch with these lines and the totals that follow from them. A shortfall of before stays. */
function totalled(batch: SettlementBatch, lines: readonly SettlementLine[], lessMinor: number): SettlementBatch {
  const shortMinor = Math.max(0, batch.netMinor + batch.carriedMinor) - batch.transferMinor + lessMinor;
  const netMinor = lines.reduce((sum, line) => sum + line.netMinor, 0);
  const transferMinor = Math.max(0, Math.max(0, netMinor + batch.carriedMinor) - shortMinor);
  return { ...batch, lines, netMinor, transferMinor };
}
