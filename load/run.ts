/**
 * Runs one load journey as a scenario: the simulated PSPs and the service over real sockets, the
 * traffic by k6, faults while it lasts; then the same settling, probes and invariants as after
 * every other run. A p95 says nothing if money was lost or doubled on the way.
 */
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../kernel/index.ts';
import { RunStopped, runScenario, type OtherTraffic, type Scenario, type Target } from '../scenarios/index.ts';
import { journeys, readProfile, requireKnown } from './choices.ts';
import type { K6 } from './find-k6.ts';
import { PLAYERS, playerOf, type JourneyPlan } from './lib/k6/profile.ts';
import { loadScenarioOf, type LoadScenario } from './load-scenario.ts';
import { planTarget } from './plan-target.ts';
import { recordOperation } from './record-operation.ts';
import type { LoadResult } from './result.ts';
import { resultOf, type Played } from './result-of-run.ts';
import { runK6, type RunK6Options } from './run-k6.ts';

export interface LoadOptions {
  journey: string;
  profile: string;
  /** Seconds onto which the profile is stretched or squeezed. */
  seconds?: number;
  k6: K6;
  /** Folder in which the run gets one of its own. */
  outDir: string;
  runId: string;
  /** Whose faults the load meets. */
  chaos?: Scenario;
  /** Somebody else's service in place of the reference service. */
  target?: Target;
  segment?: RunK6Options['segment'];
  /** The command that does the same again. */
  replay: string;
  environment: Record<string, string | undefined>;
  onText: (text: string) => void;
  /** How many operations have ended; and what is done now. */
  onProgress: (what: string, ended: number) => void;
  signal?: AbortSignal;
}

/** Every n-th operation of a journey is a payout. */
const PAYOUT_EVERY: Readonly<Record<string, number>> = { payout: 1, 'mixed-day': 5 };

/**
 * What was measured and judged; a run that was stopped has what was measured until then.
 * @throws UserError (254) for an unknown journey or profile, and when k6 itself could not run the script.
 * @throws RunStopped when it was stopped before the load began: there is nothing to report.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { journey, signal } = options;
  requireKnown('journey', journey, journeys());
  const plan = planOf(options);
  const folder = mkdtempSync(join(tmpdir(), 'assay-load-'));
  const played: Played = { lines: [], thresholdsMet: true, ended: Promise.resolve() };
  const keepFiles = (runDir: string): void => {
    for (const file of ['operations.ndjson', 'summary.json', 'plan.json']) moveIfThere(folder, runDir, file);
  };
  try {
    const { runDir, ...run } = await runScenario({
      ...{ scenario: plan.scenario, seed: '1', driver: 'http', outDir: options.outDir, replay: options.replay },
      ...(options.target === undefined ? {} : { target: options.target }),
      ...(signal === undefined ? {} : { signal }),
      traffic: trafficOf(options, plan.journey, folder, played),
      onProgress: ({ phase }) => options.onProgress(phase, played.lines.length),
    });
    if (runDir === undefined) throw new Error('a load run without a folder');
    keepFiles(runDir);
    return resultOf(options, plan.journey, played, { run, runDir });
  } catch (error) {
    await played.ended;
    if (!(error instanceof RunStopped) || error.runDir === undefined || played.lines.length === 0) throw error;
    keepFiles(error.runDir);
    return resultOf(options, plan.journey, played, { runDir: error.runDir });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function planOf(options: LoadOptions): { scenario: Scenario; journey: JourneyPlan } {
  const { journey, chaos, target, runId } = options;
  const profile = readProfile(options.profile, options.seconds);
  const { scenario, deposits, payouts }: LoadScenario = loadScenarioOf(journey, profile, chaos, target);
  const wanted = PAYOUT_EVERY[journey] ?? 0;
  if (journey === 'payout' && payouts.length === 0)
    throw new UserError(
      `none of the PSPs of ${chaos?.name ?? profile.name} takes payouts`,
      'Choose another scenario.',
      254,
    );
  if (deposits.length === 0 && journey !== 'payout')
    throw new UserError(
      `no PSP of ${chaos?.name ?? profile.name} is one that the profile ${profile.name} sends deposits to`,
      `Add routes to load/profiles/${profile.name}.json, or choose another scenario.`,
      254,
    );
  return {
    scenario,
    journey: {
      ...{ ...profile, deposits, payouts, runId, baseUrl: '', payoutEvery: payouts.length === 0 ? 0 : wanted },
      ...(target === undefined ? {} : { target: planTarget(target, deposits, wanted > 0 ? payouts : []) }),
    },
  };
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
      const running = runK6({
        ...{ k6, journey, folder, environment, onText, apiKey: target.apiKey, clock: wireClock },
        plan: { ...plan, baseUrl: target.url, ...(segment === undefined ? {} : { parts: segment.parts }) },
        ...(segment === undefined ? {} : { segment }),
        ...(signal === undefined ? {} : { signal }),
        onLine: (line) => {
          played.lines.push(line);
          options.onProgress('traffic', played.lines.length);
          // After a stop the history may be closed already.
          if (signal?.aborted !== true) recordOperation(stage, line, plan.target?.currency);
        },
      });
      played.ended = running.then(
        () => undefined,
        () => undefined,
      );
      played.thresholdsMet = (await running).thresholdsMet;
    },
  };
}

function moveIfThere(from: string, to: string, file: string): void {
  if (existsSync(join(from, file))) renameSync(join(from, file), join(to, file));
}
