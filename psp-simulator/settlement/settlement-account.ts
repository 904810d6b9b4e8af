/**
 * The merchant's account with one PSP: lines as the books change, closed into a batch per
 * settlement currency at each cutoff. Closing is lazy, so that an idle simulator has no timer:
 * whoever looks sees all batches that are due by now, whenever he looks.
 *
 * What a batch *is* and what the PSP *tells* about it can differ: discrepancies are faults, and
 * both versions are kept.
 */
import type { Clock } from '../../kernel/index.ts';
import type { BookChange } from '../core/book-change.ts';
import { linesOfChange } from './lines-of-change.ts';
import type { DraftLine } from './lines-of-change.ts';
import type { SettlementBatch, SettlementLine, SettlementTerms } from './settlement.ts';

export interface AccountOptions {
  psp: string;
  clock: Pick<Clock, 'now'>;
  /** Asked at each change and each closing. */
  terms(): SettlementTerms;
  /** What the PSP tells about a batch; default the truth. Called once per batch, in order. */
  told?(batch: SettlementBatch): { batch: SettlementBatch; later: readonly SettlementLine[] };
}

export interface ClosedBatch {
  readonly truth: SettlementBatch;
  readonly told: SettlementBatch;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A batch is closed early when it would get longer than this. */
const MOST_OPEN_LINES = 100_000;
/** Lines of closed batches that are kept; the oldest batches go first. */
const MOST_CLOSED_LINES = 300_000;

export class SettlementAccount {
  readonly #options: AccountOptions;
  #open: SettlementLine[] = [];
  readonly #closed: ClosedBatch[] = [];
  #closedLines = 0;
  readonly #numbers = new Map<string, number>();
  readonly #carried = new Map<string, number>();
  /** What is carried on by what was told, by settlement currency. */
  readonly #toldCarried = new Map<string, number>();
  /** Lines that the PSP tells too late, by settlement currency: they make a batch due by themselves. */
  readonly #later = new Map<string, readonly SettlementLine[]>();
  #closedThroughMs: number;
  #lines = 0;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#closedThroughMs = options.clock.now();
  }

  follow(change: BookChange): void {
    for (const draft of linesOfChange(change, this.#options.terms())) {
      this.#lines += 1;
      this.#open.push(withId(`${this.#options.psp}-line-${this.#lines}`, draft));
    }
    if (this.#open.length > MOST_OPEN_LINES) this.closeNow();
  }

  /** All that were closed by now, oldest first, as the PSP tells them. */
  batches(): readonly SettlementBatch[] {
    return this.closed().map(({ told }) => told);
  }

  closed(): readonly ClosedBatch[] {
    this.#closeDue();
    return this.#closed;
  }

  /** Oldest first, then those that should have been told with the last batch. */
  unsettledLines(): readonly SettlementLine[] {
    this.#closeDue();
    const later = [...this.#later.values()].flat();
    return later.length === 0 ? this.#open : [...this.#open, ...later];
  }

  /** Closes what is due by now; answers the new batches. */
  closeDue(): ClosedBatch[] {
    const known = this.#closed.at(-1);
    this.#closeDue();
    return known === undefined ? [...this.#closed] : this.#closed.slice(this.#closed.indexOf(known) + 1);
  }

  /** Closes everything that is open, available or not; answers the new batches (one per settlement currency). */
  closeNow(): ClosedBatch[] {
    this.#closeDue();
    const nowMs = this.#options.clock.now();
    return this.#close(nowMs, this.#open);
  }

  /** When the next batch is due, or null when nothing waits for one. */
  nextCutoffMs(): number | null {
    const earliest = this.#earliestMs();
    return earliest === null ? null : this.#cutoffAt(Math.max(earliest, this.#closedThroughMs + 1));
  }

  #closeDue(): void {
    const nowMs = this.#options.clock.now();
    for (;;) {
      const cutoffMs = this.nextCutoffMs();
      if (cutoffMs === null || cutoffMs > nowMs) return;
      this.#close(
        cutoffMs,
        this.#open.filter((line) => line.availableAtMs <= cutoffMs && line.atMs <= cutoffMs),
      );
    }
  }

  #earliestMs(): number | null {
    if (this.#later.size > 0) return this.#closedThroughMs;
    let earliest: number | null = null;
    for (const { availableAtMs } of this.#open) {
      if (earliest === null || availableAtMs < earliest) earliest = availableAtMs;
    }
    return earliest;
  }

  /** The first cutoff at or after this time. */
  #cutoffAt(atMs: number): number {
    const offsetMs = this.#options.terms().cutoffHour * HOUR_MS;
    return Math.ceil((atMs - offsetMs) / DAY_MS) * DAY_MS + offsetMs;
  }

  #close(toMs: number, lines: readonly SettlementLine[]): ClosedBatch[] {
    const fromMs = this.#closedThroughMs;
    this.#closedThroughMs = toMs;
    const settled = new Set(lines);
    this.#open = this.#open.filter((line) => !settled.has(line));
    const currencies = [...new Set([...lines.map((line) => line.settlementCurrency), ...this.#later.keys()])].sort();
    return currencies.map((currency) => {
      const own = lines.filter((line) => line.settlementCurrency === currency);
      return this.#keep(this.#batch(own, { currency, fromMs, toMs }));
    });
  }

  #batch(lines: readonly SettlementLine[], span: { currency: string; fromMs: number; toMs: number }): SettlementBatch {
    const number = (this.#numbers.get(span.currency) ?? 0) + 1;
    this.#numbers.set(span.currency, number);
    const carriedMinor = this.#carried.get(span.currency) ?? 0;
    const netMinor = lines.reduce((sum, line) => sum + line.netMinor, 0);
    const balanceMinor = netMinor + carriedMinor;
    this.#carried.set(span.currency, Math.min(0, balanceMinor));
    return {
      id: `${this.#options.psp}-${span.currency}-${number}`,
      number,
      ...span,
      lines,
      netMinor,
      carriedMinor,
      transferMinor: Math.max(0, balanceMinor),
    };
  }

  #keep(truth: SettlementBatch): ClosedBatch {
    const { batch, later } = this.#options.told?.(truth) ?? { batch: truth, later: [] };
    const { currency } = truth;
    const late = this.#later.get(currency) ?? [];
    if (later.length === 0) this.#later.delete(currency);
    else this.#later.set(currency, later);
    const carriedMinor = this.#toldCarried.get(currency) ?? 0;
    const isTruth = batch === truth && late.length === 0 && carriedMinor === truth.carriedMinor;
    const told = isTruth ? truth : asTold(batch, late, carriedMinor);
    this.#toldCarried.set(currency, Math.min(0, told.netMinor + told.carriedMinor));
    const closed = { truth, told };
    this.#closed.push(closed);
    this.#closedLines += truth.lines.length;
    while (this.#closedLines > MOST_CLOSED_LINES && this.#closed.length > 1)
      this.#closedLines -= this.#closed.shift()?.truth.lines.length ?? 0;
    return closed;
  }
}

/** Written out, because every capture makes one: a spread that is added to takes several times as long. */
function withId(id: string, draft: DraftLine): SettlementLine {
  const { type, pspReference, modificationReference, reference, method, atMs, availableAtMs } = draft;
  const { grossMinor, currency, convertedMinor, settlementCurrency, exchangeRate, fees, netMinor } = draft;
  return {
    id,
    type,
    pspReference,
    modificationReference,
    reference,
    method,
    atMs,
    availableAtMs,
    grossMinor,
    currency,
    convertedMinor,
    settlementCurrency,
    exchangeRate,
    fees,
    netMinor,
  };
}

/**
 * A batch as the merchant sees it: lines that came late stand in the batch in which they came, and
 * it carries on what the told batches before it left. A transfer that falls short does so by as much.
 */
function asTold(batch: SettlementBatch, late: readonly SettlementLine[], carriedMinor: number): SettlementBatch {
  const shortMinor = Math.max(0, batch.netMinor + batch.carriedMinor) - batch.transferMinor;
  const netMinor = late.reduce((sum, line) => sum + line.netMinor, batch.netMinor);
  const transferMinor = Math.max(0, Math.max(0, netMinor + carriedMinor) - shortMinor);
  return { ...batch, lines: [...batch.lines, ...late], netMinor, carriedMinor, transferMinor };
}
