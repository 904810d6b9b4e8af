/** What the doctor writes down about one line of a target file, and the sum of it. */
import type { BlindSpot } from '../targets/foreign/index.ts';

export interface Check {
  /** The line of the target file, such as `deposit.status`. */
  line: string;
  /** Null: nothing to try, or not to be tried because something before it failed. */
  works: boolean | null;
  /** What happened, in one sentence. */
  says: string;
  /** What to do about it. */
  advice?: string;
}

export interface Examination {
  target: string;
  checks: Check[];
  /** What the file does not describe. */
  missing: BlindSpot[];
  /** Ids of the invariants that will be unknown because of it, in order. */
  unknown: string[];
  healthy: boolean;
}

/** In the order of the catalogue: I2 before I10. */
export function inOrder(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}
