/**
 * Faults for the drawn timeline: one row per fault and PSP, with the windows in which it could
 * act and the instants at which it did.
 */
import type { FaultMark, RunModel } from '../history/index.ts';

export interface FaultRow {
  name: string;
  psp: string | null;
  /** Lane that it disturbs, or -1 for all. */
  lane: number;
  windows: { from: number; to: number }[];
  hits: number[];
}

/** Rows in order of first appearance. A window that was never closed ends where the faults ended. */
export function faultRows(run: RunModel, end: number, laneOf: (kind: string, name?: string) => number): FaultRow[] {
  const heal = run.phases.find((mark) => mark.phase === 'heal')?.t ?? end;
  const rows = new Map<string, FaultRow>();
  const begun = new Map<string, { from: number; to: number }>();
  const psps = pspsByFault(run.faults);
  for (const mark of run.faults) {
    const psp = psps.has(mark.faultId) ? (psps.get(mark.faultId) ?? null) : mark.psp;
    const key = `${mark.fault} ${psp ?? ''}`;
    const lane = mark.fault.startsWith('webhook') ? laneOf('deliveries') : psp === null ? -1 : laneOf('psp', psp);
    const row = rows.get(key) ?? { name: mark.fault, psp, lane, windows: [], hits: [] };
    rows.set(key, row);
    if (mark.phase === 'hit') row.hits.push(mark.t);
    else if (mark.phase === 'begin') {
      const window = { from: mark.t, to: heal };
      begun.set(mark.faultId, window);
      row.windows.push(window);
    } else {
      const window = begun.get(mark.faultId);
      if (window !== undefined) window.to = mark.t;
    }
  }
  return [...rows.values()];
}

/** A fault for all PSPs hits at each of them: its rows must not split by where it hit. */
function pspsByFault(faults: readonly FaultMark[]): Map<string, string | null> {
  return new Map(faults.filter((mark) => mark.phase === 'begin').map((mark) => [mark.faultId, mark.psp]));
}
