/** What a load run found: the JSON that it writes, that `merge` reads and that the page shows. */
import { merged, percentile } from './histogram.ts';
import type { Comparison } from './baseline.ts';
import type { Knee } from './knee.ts';
import type { Machine } from './machine.ts';
import type { Measurement } from './measure.ts';

export interface FaultBand {
  fault: string;
  psp?: string;
  /** Seconds since the load began. */
  from: number;
  to: number;
}

export interface InvariantLine {
  id: string;
  title: string;
  verdict: string;
  checked: number;
  violations: number;
  reason: string;
}

export interface LoadResult {
  schema: 1;
  /** `fail`: an invariant is violated; `missed`: a threshold; `unknown`: something was not observed. */
  verdict: 'pass' | 'fail' | 'missed' | 'unknown';
  exitCode: 0 | 1 | 2 | 99;
  journey: string;
  profile: string;
  chaos: string | null;
  /** Somebody else's service; null: the reference service. */
  target: string | null;
  /** A person stopped it: what it measured until then, and no verdict. */
  stopped: boolean;
  segment: string;
  machine: Machine;
  seconds: number;
  measurement: Measurement;
  missedThresholds: string[];
  /** Of a ramp. */
  knee: Knee | null;
  /** With a stored baseline, where one was named. */
  comparison: Comparison | null;
  faults: FaultBand[];
  invariants: InvariantLine[];
  /** Deposits that were started, and those whose credit was violated (I1). */
  credited: { deposits: number; wrongly: number };
  /** Absolute; where the reports are. */
  outDir: string;
}

/** What the simulation itself cost per operation, milliseconds; null where nothing is known of it. */
export function simulatorCost({
  groups,
}: Measurement): { samples: number; p50: number; p95: number; p99: number } | null {
  const all = merged(groups.map(({ simulator }) => simulator));
  if (all.count === 0) return null;
  const at = (q: number): number => percentile(all, q) ?? 0;
  return { samples: all.count, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

export interface Row {
  what: string;
  started: number;
  done: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  serverP95: number | null;
  pspP95: number | null;
  simulatorP95: number | null;
  withoutSimulatorP95: number | null;
  ownP95: number | null;
}

/** One row per PSP and method, milliseconds. */
export function rowsOf({ groups }: Measurement): Row[] {
  return groups.map((group) => ({
    what: `${group.kind} ${group.psp} ${group.method}`,
    started: group.started,
    done: group.done,
    p50: percentile(group.observed, 0.5),
    p95: percentile(group.observed, 0.95),
    p99: percentile(group.observed, 0.99),
    serverP95: percentile(group.server, 0.95),
    pspP95: percentile(group.atPsp, 0.95),
    simulatorP95: percentile(group.simulator, 0.95),
    withoutSimulatorP95: percentile(group.withoutSimulator, 0.95),
    ownP95: percentile(group.own, 0.95),
  }));
}

/** Worst first: a broken invariant outranks what was not observed, and that outranks a missed threshold. */
export function verdictOf(judged: 0 | 1 | 2, missed: boolean): Pick<LoadResult, 'verdict' | 'exitCode'> {
  if (judged === 1) return { verdict: 'fail', exitCode: 1 };
  if (judged === 2) return { verdict: 'unknown', exitCode: 2 };
  return missed ? { verdict: 'missed', exitCode: 99 } : { verdict: 'pass', exitCode: 0 };
}

/** "p95 missed, and 0 of 1200 deposits credited wrongly". */
export function headline({ missedThresholds, credited, invariants, stopped }: LoadResult): string {
  if (stopped) return 'stopped before it was over: what was measured until then, and nothing is judged';
  const i1 = invariants.find(({ id }) => id === 'I1')?.verdict;
  const money =
    i1 === 'pass' || i1 === 'fail'
      ? `${credited.wrongly} of ${credited.deposits} deposits credited wrongly`
      : 'credits of deposits were not judged';
  return `${missedThresholds.length === 0 ? 'every threshold met' : `${missedThresholds.length} ${missedThresholds.length === 1 ? 'threshold' : 'thresholds'} missed`}, and ${money}`;
}
