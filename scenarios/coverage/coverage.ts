/**
 * Coverage of one history: in which states of their lives payments were when faults struck them,
 * and which goals were met. Coverages of many runs add up.
 */
import { buildRunModel, type HistoryEvent, type RunModel } from '../history/index.ts';
import { feasibleCells, whyInfeasible } from './feasible.ts';
import { GOALS } from './goals.ts';
import { STATES, stretchesOf, type LifeState, type Stretch } from './states.ts';

export interface Coverage {
  /** How often each fault struck a payment in each state: fault, state, number. */
  cells: Record<string, Partial<Record<LifeState, number>>>;
  /** Ids of the goals that were met. */
  goals: string[];
}

export interface CoverageSummary {
  /** Reachable cells, and how many of them were exercised. */
  feasible: number;
  exercised: number;
  /** As `state × fault`. */
  neverExercised: string[];
  infeasible: { fault: string; states: LifeState[]; reason: string }[];
  goals: { id: string; says: string; met: boolean }[];
}

export function coverageOf(events: readonly HistoryEvent[]): Coverage {
  const run = buildRunModel(events);
  const stretches = stretchesOf(run);
  const cells: Coverage['cells'] = {};
  for (const { fault, states } of struck(run, stretches)) {
    const row = (cells[fault] ??= {});
    for (const state of states) row[state] = (row[state] ?? 0) + 1;
  }
  return { cells, goals: GOALS.filter(({ met }) => met(run, stretches)).map(({ id }) => id) };
}

export function addCoverage(sum: Coverage, more: Coverage): Coverage {
  const cells = structuredClone(sum.cells);
  for (const [fault, row] of Object.entries(more.cells)) {
    const own = (cells[fault] ??= {});
    for (const [state, times] of Object.entries(row) as [LifeState, number][]) own[state] = (own[state] ?? 0) + times;
  }
  return { cells, goals: [...new Set([...sum.goals, ...more.goals])].sort() };
}

/** @param faults all kinds of faults that there are: a row that never struck is a row of gaps. */
export function summarizeCoverage({ cells, goals }: Coverage, faults: readonly string[]): CoverageSummary {
  const feasible = feasibleCells(faults);
  const never = feasible.filter(({ fault, state }) => (cells[fault]?.[state] ?? 0) === 0);
  return {
    feasible: feasible.length,
    exercised: feasible.length - never.length,
    neverExercised: never.map(({ fault, state }) => `${state} × ${fault}`),
    infeasible: faults.flatMap((fault) => infeasibleRows(fault)),
    goals: GOALS.map(({ id, says }) => ({ id, says, met: goals.includes(id) })),
  };
}

function infeasibleRows(fault: string): CoverageSummary['infeasible'] {
  const byReason = new Map<string, LifeState[]>();
  for (const state of STATES) {
    const reason = whyInfeasible(state, fault);
    if (reason !== undefined) byReason.set(reason, [...(byReason.get(reason) ?? []), state]);
  }
  return [...byReason].map(([reason, states]) => ({ fault, states, reason }));
}

/** Each strike with the states in which the struck payment was. */
function struck(run: RunModel, stretches: readonly Stretch[]): { fault: string; states: Set<LifeState> }[] {
  const byPayment = new Map<string, Stretch[]>();
  for (const one of stretches) byPayment.set(one.payment, [...(byPayment.get(one.payment) ?? []), one]);
  return run.faults.flatMap((mark) => {
    const { fault, faultId, index, phase, reference, psp } = mark;
    if (phase === 'end') return [];
    if (phase === 'begin') {
      // A condition leaves no hits where it only shows: every payment that lived under it met it.
      const end = run.faults.find((other) => other.phase === 'end' && other.faultId === faultId)?.index ?? Infinity;
      return LASTING.test(fault) ? [{ fault, states: within(stretches, psp, index, end) }] : [];
    }
    const owner = run.ownerOf(reference);
    const own = owner === undefined ? stretches : (byPayment.get(owner) ?? []);
    return [{ fault, states: within(own, owner === undefined ? psp : null, index, index + 1) }];
  });
}

/** Conditions of a PSP, which need no exchange to strike. */
const LASTING = /^(outage|certificate-expired|clock-skew|api-key-expired)$/;

function within(stretches: readonly Stretch[], psp: string | null, from: number, to: number): Set<LifeState> {
  return new Set(
    stretches
      .filter((one) => one.from < to && one.to > from && (psp === null || one.psp === null || one.psp === psp))
      .map(({ state }) => state),
  );
}
