/**
 * Runs one load journey as a scenario: the simulated PSPs and the service over real sockets, the
 * traffic by k6, faults while it lasts; then the same settling, probes and invariants as after
 * every other run. A p95 says nothing if money was lost or doubled on the way.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot, UserError } from '../kernel/index.ts';
import { buildRunModel, runScenario, type OtherTraffic, type RunResult, type Scenario } from '../scenarios/index.ts';
import type { K6 } from './find-k6.ts';
import type { OperationLine } from './lib/k6/operation-line.ts';
import { PLAYERS, playerOf, secondsOf, type JourneyPlan, type LoadProfile } from './lib/k6/profile.ts';
import { missedThresholds, type SummaryData } from './lib/k6/summary.ts';
import { loadScenarioOf } from './load-scenario.ts';
import { thisMachine } from './machine.ts';
import { measure } from './measure.ts';
import { recordOperation } from './record-operation.ts';
import { verdictOf, type FaultBand, type LoadResult } from './result.ts';
import { runK6, type RunK6Options } from './run-k6.ts';
import { writeLoadReports } from './write-reports.ts';

/** Slices of a run's course over time. */
const SLICES = 120;

export interface LoadOptions {
  journey: string;
  profile: string;
  k6: K6;
  /** Folder in which the run gets one of its own. */
  outDir: string;
  runId: string;
  /** Whose faults the load meets. */
  chaos?: Scenario;
  segment?: RunK6Options['segment'];
  environment: Record<string, string | undefined>;
  onText: (text: string) => void;
  /** How many operations have ended; and what is done now. */
  onProgress: (what: string, ended: number) => void;
  signal?: AbortSignal;
}

/** Journeys are the files in load/journeys, profiles those in load/profiles. */
export function journeys(): string[] {
  return namesIn('journeys', '.ts');
}

export function profiles(): string[] {
  return namesIn('profiles', '.json');
}

export function readProfile(name: string): LoadProfile {
  requireKnown('profile', name, profiles());
  return JSON.parse(readFileSync(join(projectRoot(), 'load', 'profiles', `${name}.json`), 'utf8')) as LoadProfile;
}

/** Every n-th operation of a journey is a payout. */
const PAYOUT_EVERY: Readonly<Record<string, number>> = { payout: 1, 'mixed-day': 5 };

/** @throws UserError (254) for an unknown journey or profile, and when k6 itself could not run the script. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { journey, chaos } = options;
  requireKnown('journey', journey, journeys());
  const profile = readProfile(options.profile);
  const { scenario, deposits, payouts } = loadScenarioOf(journey, profile, chaos);
  const payoutEvery = payouts.length === 0 ? 0 : (PAYOUT_EVERY[journey] ?? 0);
  if (journey === 'payout' && payouts.length === 0)
    throw new UserError(`none of the PSPs of ${chaos?.name ?? profile.name} takes payouts`, 'Choose another scenario.');
  const plan = { ...profile, deposits, payouts, payoutEvery, runId: options.runId, baseUrl: '' };
  const folder = mkdtempSync(join(tmpdir(), 'assay-load-'));
  try {
    const played: Played = { lines: [], thresholdsMet: true };
    const run = await runScenario({
      scenario,
      seed: '1',
      driver: 'http',
      outDir: options.outDir,
      replay: replayCommand(options),
      traffic: trafficOf(options, plan, folder, played),
      onProgress: ({ phase }) => options.onProgress(phase, played.lines.length),
    });
    if (run.runDir === undefined) throw new Error('a load run without a folder');
    for (const file of ['operations.ndjson', 'summary.json', 'plan.json']) moveIfThere(folder, run.runDir, file);
    const result = resultOf(options, plan, played, run, run.runDir);
    writeLoadReports(result);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Played {
  lines: OperationLine[];
  thresholdsMet: boolean;
}

function trafficOf(options: LoadOptions, plan: JourneyPlan, folder: string, played: Played): OtherTraffic {
  const players = Array.from({ length: PLAYERS }, (_, i) => {
    const id = playerOf(i);
    return { id, name: id, country: 'DE', device: 'mobile' as const };
  });
  const { k6, journey, environment, onText, signal, segment } = options;
  return {
    players,
    play: async (stage) => {
      const { target, wireClock } = stage.world;
      const { thresholdsMet } = await runK6({
        ...{ k6, journey, folder, environment, onText, apiKey: target.apiKey, clock: wireClock },
        plan: { ...plan, baseUrl: target.url },
        ...(segment === undefined ? {} : { segment }),
        ...(signal === undefined ? {} : { signal }),
        onLine: (line) => {
          recordOperation(stage, line);
          played.lines.push(line);
          options.onProgress('traffic', played.lines.length);
        },
      });
      played.thresholdsMet = thresholdsMet;
    },
  };
}

function resultOf(options: LoadOptions, plan: JourneyPlan, played: Played, run: RunResult, runDir: string): LoadResult {
  const seconds = secondsOf(plan);
  const summary = JSON.parse(readFileSync(join(runDir, 'summary.json'), 'utf8')) as SummaryData;
  const missed = missedThresholds(summary);
  const { segment } = options;
  const i1 = run.invariants.find(({ id }) => id === 'I1');
  return {
    schema: 1,
    ...verdictOf(run.exitCode, !played.thresholdsMet),
    journey: options.journey,
    profile: options.profile,
    chaos: options.chaos?.name ?? null,
    segment: segment === undefined ? '1/1' : `${segment.part}/${segment.parts}`,
    machine: thisMachine(options.k6.version),
    seconds,
    measurement: measure(played.lines, Math.max(1, Math.ceil(seconds / SLICES)), timeAtPsps(run)),
    missedThresholds: missed,
    faults: bandsOf(run),
    invariants: run.invariants.map(({ id, title, verdict, checked, violations, reason }) => ({
      ...{ id, title, verdict, checked, violations: violations.length, reason: reason ?? '' },
    })),
    credited: {
      deposits: played.lines.filter(({ kind }) => kind === 'deposit').length,
      wrongly: i1?.violations.length ?? 0,
    },
    outDir: runDir,
  };
}

/** Milliseconds from request to answer inside the simulated PSPs while they were asked to begin an operation. */
function timeAtPsps({ history }: RunResult): (id: string) => number | undefined {
  const { payments } = buildRunModel(history);
  return (id) => {
    const begun = payments.get(id)?.exchanges.filter(({ operation }) => operation.startsWith('create-')) ?? [];
    const known = begun.flatMap(({ received, ended }) => (ended === undefined ? [] : [ended.t - received.t]));
    return known.length === 0 ? undefined : known.reduce((sum, ms) => sum + ms, 0);
  };
}

function bandsOf({ history }: RunResult): FaultBand[] {
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

function replayCommand({ journey, profile, chaos }: LoadOptions): string {
  return `node bin/assay.js load ${journey} --profile ${profile}${chaos === undefined ? '' : ` --chaos ${chaos.name}`}`;
}

function moveIfThere(from: string, to: string, file: string): void {
  if (existsSync(join(from, file))) renameSync(join(from, file), join(to, file));
}

function namesIn(folder: string, ending: string): string[] {
  return readdirSync(join(projectRoot(), 'load', folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

function requireKnown(what: string, name: string, known: string[]): void {
  if (!known.includes(name))
    throw new UserError(`there is no load ${what} named "${name}"`, `Choose one of: ${known.join(', ')}.`, 254);
}
