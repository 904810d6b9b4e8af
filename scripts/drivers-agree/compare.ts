/**
 * Whether two drivers say the same of one scenario and seed: for each invariant, by whether it is
 * violated. Pure, so that what counts as agreement can be read and tested here.
 */
import type { JudgedInvariant } from '../../scenarios/index.ts';

type Judged = Pick<JudgedInvariant, 'id' | 'verdict'>;

/**
 * Not compared: I12 asks whether everything came to rest in time, and time is what the drivers do
 * not share. Everything else is safety, true of every prefix of a history.
 */
const LIVENESS: ReadonlySet<string> = new Set(['I12']);

export interface Comparison {
  /** Both drivers put them to the test and say the same. */
  agree: string[];
  /** Violated on one driver and not on the other, as `I8: pass ↔ fail`. */
  disagree: string[];
  /** Passed on one driver; on the other nothing of the kind happened, or it could not be seen. */
  oneSided: string[];
}

/** @param virtual verdicts of the virtual driver @param http those of the http driver, of the same scenario and seed */
export function compareSafety(virtual: readonly Judged[], http: readonly Judged[]): Comparison {
  const comparison: Comparison = { agree: [], disagree: [], oneSided: [] };
  const others = new Map(http.map(({ id, verdict }) => [id, verdict]));
  for (const { id, verdict } of virtual) {
    const other = others.get(id) ?? 'not-applicable';
    if (LIVENESS.has(id)) continue;
    if (verdict === other && isSeen(verdict)) comparison.agree.push(id);
    else if (verdict === 'fail' || other === 'fail') comparison.disagree.push(`${id}: ${verdict} ↔ ${other}`);
    else if (isSeen(verdict) || isSeen(other)) comparison.oneSided.push(id);
  }
  return comparison;
}

function isSeen(verdict: Judged['verdict']): boolean {
  return verdict === 'pass' || verdict === 'fail';
}
