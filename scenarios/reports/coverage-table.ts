/**
 * One run's coverage for its page: the faults that struck, the states in which they met a
 * payment, and the coincidences that came about. A single run is not blamed for what it left out.
 */
import { coverageOf, GOALS, STATES, whyInfeasible } from '../coverage/index.ts';
import type { HistoryEvent } from '../history/index.ts';
import type { CoverageTable } from './report.ts';

/** Undefined for a run in which no fault met a payment and no goal was met. */
export function coverageTable(events: readonly HistoryEvent[]): CoverageTable | undefined {
  const { cells, goals } = coverageOf(events);
  const hits = Object.entries(cells).flatMap(([fault, row]) =>
    Object.entries(row).map(([state, count]) => ({ state, fault, count: count ?? 0 })),
  );
  if (hits.length + goals.length === 0) return undefined;
  const faults = [...new Set(hits.map(({ fault }) => fault))].sort();
  const infeasible = faults.flatMap((fault) =>
    STATES.flatMap((state) => {
      const reason = whyInfeasible(state, fault);
      const struck = hits.some((hit) => hit.state === state && hit.fault === fault);
      return reason === undefined || struck ? [] : [{ state, fault, reason }];
    }),
  );
  return {
    states: STATES,
    faults,
    hits,
    infeasible,
    goals: GOALS.filter(({ id }) => goals.includes(id)).map(({ says }) => ({ text: says, reached: true })),
  };
}
