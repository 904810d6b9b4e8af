/** Settlement as an index over a history knows it: told batches, their imports, planted discrepancies. */
import type { Mark, Operation } from './records.ts';
import type { SettlementLineValue } from './settlement-vocabulary.ts';

/** A closed settlement in one currency, as its PSP tells it, and what became of its files. */
export interface ToldBatch extends Mark {
  psp: string;
  batch: string;
  currency: string;
  /** Epoch milliseconds; NaN when it could not be read. */
  closedAt: number;
  files: readonly string[];
  carriedMinor: number;
  transferMinor: number;
  lines: readonly SettlementLineValue[];
  /** Requests that brought its files to the target. */
  imports: Operation[];
}

/** Something that a PSP told wrongly on purpose, as the strike said itself. */
export interface Planted extends Mark {
  /** missing-line, extra-line, wrong-amount, … */
  discrepancy: string;
  psp: string;
  batch: string;
  /** The reference of ours that is concerned; null where it is nobody's. */
  reference: string | null;
  pspReference: string | null;
  otherReference: string | null;
  lineId: string | null;
  lineType: string | null;
  grossMinor: number | null;
  currency: string | null;
  /** By how much too much was charged, or too little transferred. */
  byMinor: number;
}

export interface ListedSettlements extends Mark {
  settlements: readonly { psp: string; batch: string; currency: string; lines: number }[];
}

export interface SettlementRecords {
  batches: readonly ToldBatch[];
  /** Of settlement files and of bank lines, in order. */
  imports: readonly Operation[];
  planted: readonly Planted[];
  /** The last probe of phase `final`, when there was one. */
  listed: ListedSettlements | undefined;
  /** How patient the target was told to be; undefined when nobody said. */
  terms: { lateAfterMs: number; missingAfterMs: number } | undefined;
}
