/**
 * Runs one scenario: the story of a run, from file and seed to verdict and evidence.
 *
 *   resolve ─► world ─► faults ─► traffic ─► heal ─► settle ─► final probes ─► judge ─► write
 *
 * Under faults the target must stay safe; after the heal point it must also come to rest. The
 * runner decides nothing about right or wrong: invariants judge the history it wrote.
 */
import { join, resolve } from 'node:path';
import { createRealClock, fingerprintOf, type HistoryEvent } from '../../kernel/index.ts';
import { createWorld, type ServiceMutation } from '../drivers/index.ts';
import {
  durationText,
  resolveScenario,
  type Dialect,
  type DriverKind,
  type Plan,
  type Scenario,
} from '../dsl/index.ts';
import { judgeHistory, type JudgedRun } from '../invariants/judge.ts';
import { writeReports, type RunReport } from '../reports/index.ts';
import { createControlClient } from '../targets/control-client.ts';
import type { Target } from '../targets/foreign/index.ts';
import { createServiceClient } from '../targets/service-client.ts';
import { checkExpectations } from './expectations.ts';
import { playRun, type OtherTraffic, type RunProgress } from './play-run.ts';
import { RunStopped, stoppable, stopped } from './stop-run.ts';
import { linkLatest, makeRunDirectory, writeResolved } from './run-directory.ts';
import { createStage } from './stage.ts';
import { projectCommit, projectVersion } from './version.ts';

export interface RunOptions {
  scenario: Scenario;
  seed: string | number;
  driver: DriverKind;
  /** Where run directories go; without it nothing is written. */
  outDir?: string;
  /** The dialect that stands for all PSPs of the scenario (`onDialect`): part of names and of the replay command. */
  dialect?: Dialect;
  /** What the dialect left out of the story, as a sentence (`onDialect`). */
  without?: string;
  /** How the replay command names the scenario; the default is its name in the library. */
  file?: string;
  /** The whole replay command, for runs whose scenario is in no file. */
  replay?: string;
  onProgress?: (progress: RunProgress) => void;
  /** Parts of the reference service to swap, for mutants; virtual driver only. */
  mutateService?: ServiceMutation;
  /** http only: somebody else's service in the place of the reference service; the scenario is told to it (`onTarget`). */
  target?: Target;
  /** http only: a PostgreSQL server to use instead of the embedded one. */
  databaseUrl?: string;
  /** http only: other hands than the runner's play the traffic (a load generator). */
  traffic?: OtherTraffic;
  /** Aborted: whatever the run waits for ends, everything that it started is closed, and `RunStopped` is thrown. */
  signal?: AbortSignal;
}

export interface RunResult {
  scenario: string;
  seed: string;
  driver: DriverKind;
  verdict: JudgedRun['verdict'];
  exitCode: JudgedRun['exitCode'];
  fingerprint: string;
  /** Absolute; undefined when nothing was written. */
  runDir: string | undefined;
  history: readonly HistoryEvent[];
  invariants: JudgedRun['invariants'];
  judged: JudgedRun;
  report: RunReport;
  /** Wall milliseconds from the first event to the verdict, without the start of processes. */
  wallMs: number;
}

/** Runs a scenario to its verdict. Throws when the harness itself fails; a violated invariant is a result. */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  // 1. Resolve: every draw is made now.
  const { scenario, driver, onProgress = () => undefined } = options;
  const seed = String(options.seed);
  const drawn = resolveScenario(scenario, seed);
  const plan = options.traffic === undefined ? drawn : { ...drawn, players: options.traffic.players };
  const wall = createRealClock();
  const startedAtMs = wall.now();
  const runDir =
    options.outDir === undefined
      ? undefined
      : makeRunDirectory(resolve(options.outDir), { scenario: nameOf(plan, options), seed, startedAtMs });
  if (runDir !== undefined) writeResolved(runDir, scenario, plan);

  // 2. The world: simulator, target and network on one clock.
  const world = await createWorld(driver, {
    plan,
    ...(runDir === undefined
      ? {}
      : { historyPath: join(runDir, 'history.ndjson'), logPath: join(runDir, 'target.log') }),
    ...(options.mutateService === undefined ? {} : { mutateService: options.mutateService }),
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(options.databaseUrl === undefined ? {} : { databaseUrl: options.databaseUrl }),
  });
  const beganMs = wall.elapsed();
  const { signal } = options;
  let events: readonly HistoryEvent[];
  try {
    if (signal?.aborted === true) throw new RunStopped(runDir);
    const stage = createStage({
      plan,
      world: signal === undefined ? world : stoppable(world, signal),
      service: world.foreign?.client ?? createServiceClient(world.network, world.target),
      control: createControlClient(world.network, world.controlUrl),
    });
    // 3 to 7. Faults, traffic, heal, settle, final probes.
    const play = world.run(() => playRun(stage, onProgress, options.traffic));
    await (signal === undefined ? play : Promise.race([play, stopped(signal, runDir)]));
    events = [...world.history.events()];
  } catch (error) {
    // The first error tells what happened; what closing adds only hides it.
    await world.close().catch(() => undefined);
    throw signal?.aborted === true ? new RunStopped(runDir) : error;
  }
  await world.close();

  // 8. Judge what was written down, nothing else.
  const judged = judgeHistory(events, {
    ...(plan.invariants === 'all' ? {} : { applicable: plan.invariants }),
    expectations: checkExpectations(plan.expect, events),
  });
  const wallMs = Math.round(wall.elapsed() - beganMs);
  const report = reportOf(options, plan, {
    judged,
    events,
    fingerprint: fingerprintOf(events),
    wallMs,
    startedAtMs,
  });

  // 9. Write the evidence.
  if (runDir !== undefined) {
    writeReports(runDir, report);
    linkLatest(runDir);
  }
  const { verdict, exitCode, invariants } = judged;
  return {
    scenario: nameOf(plan, options),
    seed,
    driver,
    verdict,
    exitCode,
    fingerprint: report.fingerprint,
    runDir,
    history: events,
    invariants,
    judged,
    report,
    wallMs,
  };
}

function nameOf(plan: Plan, { dialect, target }: RunOptions): string {
  if (target !== undefined) return [plan.scenario, target.name, dialect ?? []].flat().join('-');
  return dialect === undefined ? plan.scenario : `${plan.scenario}-${dialect}`;
}

/** The options of the command by which a run is repeated. */
function replayOptions({ dialect, target, driver }: RunOptions): string {
  const psp = dialect === undefined ? '' : ` --psp ${dialect}`;
  return target === undefined ? `${psp} --driver ${driver}` : `${psp} --target ${target.file}`;
}

function reportOf(
  options: RunOptions,
  plan: Plan,
  run: { judged: JudgedRun; events: readonly HistoryEvent[]; fingerprint: string; wallMs: number; startedAtMs: number },
): RunReport {
  const file = options.file ?? `scenarios/library/${plan.scenario}.yaml`;
  return {
    scenario: nameOf(plan, options),
    title: plan.title,
    description: options.scenario.description,
    ...(options.without === undefined ? {} : { without: options.without }),
    driver: options.driver,
    seed: plan.seed,
    fingerprint: run.fingerprint,
    version: projectVersion(),
    startedAt: new Date(run.startedAtMs).toISOString(),
    wallMs: run.wallMs,
    replay: options.replay ?? `node bin/assay.js run ${file}${replayOptions(options)} --seed ${plan.seed}`,
    settings: [
      ...(options.target === undefined ? [] : [['Target', options.target.name] as [string, string]]),
      [
        'PSPs',
        plan.psps.map((psp) => (psp.name === psp.dialect ? psp.name : `${psp.name} (${psp.dialect})`)).join(', '),
      ],
      ['Operations', String(plan.operations.length)],
      ['Faults', plan.faults.length === 0 ? 'none' : plan.faults.map((fault) => fault.fault).join(', ')],
      ['Heals at', durationText(plan.healAtMs)],
      ['Settles within', durationText(plan.settleWithinMs)],
      ['Node', process.version],
      ['Commit', projectCommit()?.slice(0, 12) ?? 'not a checkout'],
    ],
    judged: run.judged,
    events: run.events,
  };
}
