/** From what k6 printed and what the run's history shows to the result of a load run. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHistory, type HistoryEvent } from '../kernel/index.ts';
import { buildRunModel, type RunResult } from '../scenarios/index.ts';
import { kneeOf } from './knee.ts';
import type { OperationLine } from './lib/k6/operation-line.ts';
import { secondsOf, type JourneyPlan } from './lib/k6/profile.ts';
import { missedThresholds, type SummaryData } from './lib/k6/summary.ts';
import { thisMachine } from './machine.ts';
import { measure, type AtPsp } from './measure.ts';
import { verdictOf, type FaultBand, type InvariantLine, type LoadResult } from './result.ts';
import type { LoadOptions } from './run.ts';

/** Slices of a run's course over time. */
const SLICES = 120;

export interface Played {
  lines: OperationLine[];
  thresholdsMet: boolean;
  /** k6 has gone. */
  ended: Promise<void>;
}

/** Without a run, of one that was stopped: nothing is judged. */
export function resultOf(
  options: LoadOptions,
  plan: JourneyPlan,
  played: Played,
  { run, runDir }: { run?: Omit<RunResult, 'runDir'>; runDir: string },
): LoadResult {
  const seconds = secondsOf(plan);
  const history = run?.history ?? readHistory(join(runDir, 'history.ndjson')).events;
  const { segment, journey, profile, chaos, target } = options;
  const measurement = measure(played.lines, Math.max(1, Math.ceil(seconds / SLICES)), timeAtPsps(history));
  const invariants = run === undefined ? [] : run.invariants.map(lineOf);
  return {
    schema: 1,
    ...verdictOf(run?.exitCode ?? 2, !played.thresholdsMet),
    ...{ journey, profile, chaos: chaos?.name ?? null, target: target?.name ?? null, stopped: run === undefined },
    segment: segment === undefined ? '1/1' : `${segment.part}/${segment.parts}`,
    machine: thisMachine(options.k6.version),
    seconds,
    measurement,
    missedThresholds: run === undefined ? [] : missedIn(runDir),
    knee: run === undefined ? null : kneeOf(plan, measurement),
    comparison: null,
    faults: bandsOf(history),
    invariants,
    credited: {
      deposits: played.lines.filter(({ kind }) => kind === 'deposit').length,
      wrongly: invariants.find(({ id }) => id === 'I1')?.violations ?? 0,
    },
    outDir: runDir,
  };
}

function lineOf({ id, title, verdict, checked, violations, reason }: RunResult['invariants'][number]): InvariantLine {
  return { id, title, verdict, checked, violations: violations.length, reason: reason ?? '' };
}

function missedIn(runDir: string): string[] {
  const file = join(runDir, 'summary.json');
  return existsSync(file) ? missedThresholds(JSON.parse(readFileSync(file, 'utf8')) as SummaryData) : [];
}

/** What the simulated PSPs took while they were asked to begin an operation. */
function timeAtPsps(history: readonly HistoryEvent[]): (id: string) => AtPsp | undefined {
  const { payments } = buildRunModel(history);
  return (id) => {
    const { exchanges = [] } = payments.get(id) ?? {};
    const known = exchanges
      .filter(({ operation }) => operation.startsWith('create-'))
      .flatMap(({ received, ended, waitedMs = 0 }) =>
        ended === undefined ? [] : [{ ms: ended.t - received.t, meantMs: waitedMs }],
      );
    if (known.length === 0) return undefined;
    return known.reduce((sum, { ms, meantMs }) => ({ ms: sum.ms + ms, meantMs: sum.meantMs + meantMs }));
  };
}

function bandsOf(history: readonly HistoryEvent[]): FaultBand[] {
  const open = new Map<string, FaultBand>();
  for (const { type, f, t, value } of history) {
    const { fault_id: id, psp, phase } = (value ?? {}) as { fault_id?: string; psp?: string; phase?: string };
    if (type !== 'fault' || id === undefined) continue;
    const band = open.get(id);
    if (phase === 'begin' || band === undefined)
      open.set(id, { fault: f, ...(psp === undefined ? {} : { psp }), from: t / 1000, to: t / 1000 });
    else band.to = t / 1000;
  }
  return [...open.values()];
}
