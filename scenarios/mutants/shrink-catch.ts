/**
 * The smallest scenario that still exposes a mutant by the same invariant, and how small it is:
 * what a person has to read who has never seen the bug.
 */
import { buildRunModel } from '../history/index.ts';
import { resolveScenario, type Scenario } from '../dsl/index.ts';
import { formatToken, shrinkFailure } from '../explore/index.ts';
import { minimalTimeline } from '../reports/minimal-timeline.ts';
import type { RunResult } from '../runner/run-scenario.ts';
import type { Mutant } from './mutant.ts';
import { runMutated } from './run-mutated.ts';

export interface SmallCatch {
  /** Deposits and payouts. */
  payments: number;
  faults: number;
  /** Lines of the timeline of its first violation. */
  timelineLines: number;
  /** Runs that were needed to find it. */
  tries: number;
  replay: string;
}

/** Null when no tries are allowed. */
export async function shrinkCatch(
  mutant: Mutant,
  caught: { scenario: Scenario; seed: number; result: RunResult },
  mostTries: number,
): Promise<SmallCatch | null> {
  if (mostTries === 0) return null;
  const { seed } = caught;
  const wanted = firstFailed(caught.result);
  let smallest = caught.result;
  const { scenario, path, tries } = await shrinkFailure(caught.scenario, {
    mostTries,
    fails: async (candidate) => {
      const { result, acted } = await runMutated(mutant, candidate, seed);
      if ('error' in result || !acted || !failedIds(result).includes(wanted)) return false;
      smallest = result;
      return true;
    },
  });
  const operations = resolveScenario(scenario, String(seed)).operations;
  const violation = smallest.invariants.find(({ id }) => id === wanted)?.violations[0];
  return {
    payments: operations.filter(({ kind }) => kind === 'deposit' || kind === 'payout').length,
    faults: scenario.faults?.length ?? 0,
    timelineLines: violation === undefined ? 0 : minimalTimeline(buildRunModel(smallest.history), violation).length,
    tries,
    replay: `node bin/assay.js replay ${formatToken({
      kind: 'generated',
      seed: String(seed),
      driver: 'virtual',
      ...(path.length === 0 ? {} : { path }),
      mutant: mutant.name,
    })}`,
  };
}

function firstFailed(result: RunResult): string {
  return failedIds(result)[0] ?? '';
}

function failedIds(result: RunResult): string[] {
  return result.invariants.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
}
