/**
 * Carries out runs one after the other for the verbs that need them: holds the one PostgreSQL
 * server that all runs over HTTP share, shows progress, and stops between two steps of a run
 * when the person asks for it.
 */
import { join, relative } from 'node:path';
import pc from 'picocolors';
import {
  checkDatabase,
  messageOf,
  projectRoot,
  startEmbeddedPostgres,
  UserError,
  type EmbeddedPostgres,
} from '../../kernel/index.ts';
import {
  loadScenario,
  runScenario,
  type Dialect,
  type DriverKind,
  type RunResult,
  type Scenario,
  type ServiceMutation,
  type Target,
  usesDatabase,
  writeRunsIndex,
} from '../../scenarios/index.ts';
import { EXIT } from './exit-codes.ts';
import { createProgress } from './progress.ts';
import type { VerbContext } from './verb.ts';

export const DRIVERS: readonly DriverKind[] = ['virtual', 'http'];

export interface PlannedRun {
  file: string;
  scenario: Scenario;
  driver: DriverKind;
  seed: string;
  /** Of a run whose PSPs are all replaced by one dialect: which. */
  dialect?: Dialect;
  /** What that dialect left out of the story, as a sentence. */
  without?: string;
  /** Somebody else's service in the place of the reference service. */
  target?: Target;
  /** Of a run that a token names: the mutant in the service's place, and the command that brings the run back. */
  mutateService?: ServiceMutation;
  replay?: string;
}

export interface Finished {
  results: RunResult[];
  /** Runs that the harness itself could not carry out. */
  broken: { scenario: string; driver: DriverKind; error: string }[];
  stopped: boolean;
}

/** Thrown out of a run by Ctrl-C; never leaves this module. */
class StoppedError extends Error {}

/** Reads the file now and chooses the driver: the wanted one, else virtual where the scenario allows it. */
export function planRun(file: string, wanted: DriverKind | undefined, seed: string): PlannedRun {
  const scenario = loadScenario(file);
  const allowed = scenario.drivers ?? DRIVERS;
  const driver = wanted ?? (allowed.includes('virtual') ? 'virtual' : 'http');
  if (!allowed.includes(driver)) {
    throw new UserError(
      `${file} does not run on the ${driver} driver`,
      `It runs with --driver ${allowed.join(' or --driver ')}.`,
    );
  }
  return { file, scenario, driver, seed };
}

/** The reference service keeps its state in PostgreSQL; somebody else's only where its file says so. */
function needsDatabase({ driver, target }: PlannedRun): boolean {
  return driver === 'http' && (target === undefined || usesDatabase(target));
}

/** Carries out the runs in order. A run that breaks does not stop the next one. */
export async function carryOut(
  planned: readonly PlannedRun[],
  outDir: string,
  context: VerbContext,
): Promise<Finished> {
  const { output, interrupt } = context;
  const server = planned.some(needsDatabase) ? await databaseServer() : undefined;
  const progress = createProgress(output, planned.length);
  const finished: Finished = { results: [], broken: [], stopped: false };
  try {
    for (const run of planned) {
      if (interrupt.signal.aborted) break;
      const label = `${run.scenario.name} (${[run.driver, run.dialect ?? []].flat().join(', ')})`;
      progress.begin(label);
      try {
        const result = await runScenario({
          scenario: run.scenario,
          seed: run.seed,
          driver: run.driver,
          file: run.file,
          outDir,
          ...(run.dialect === undefined ? {} : { dialect: run.dialect }),
          ...(run.without === undefined ? {} : { without: run.without }),
          ...(run.target === undefined ? {} : { target: run.target }),
          ...(run.mutateService === undefined ? {} : { mutateService: run.mutateService }),
          ...(run.replay === undefined ? {} : { replay: run.replay }),
          onProgress: () => {
            if (interrupt.signal.aborted) throw new StoppedError('stopped');
          },
          ...(server === undefined ? {} : { databaseUrl: server.url }),
        });
        // Ctrl-C reaches the service's process too: what came after it is no verdict.
        if (interrupt.signal.aborted) break;
        finished.results.push(result);
        progress.advance(
          `${mark(result)} ${label}  ${result.wallMs} ms${run.without === undefined ? '' : `  ${run.without}`}`,
        );
      } catch (error) {
        if (error instanceof StoppedError || interrupt.signal.aborted) break;
        if (error instanceof UserError) throw error;
        finished.broken.push({ scenario: run.scenario.name, driver: run.driver, error: messageOf(error) });
        progress.advance(`${pc.red('✘')} ${label}  internal error: ${messageOf(error)}`);
      }
    }
    finished.stopped = interrupt.signal.aborted;
    if (finished.results.some(({ runDir }) => runDir !== undefined)) writeRunsIndex(outDir);
    return finished;
  } finally {
    progress.stop();
    await server?.stop();
  }
}

/** The exit codes of everything that was carried out. */
export function exitCodesOf(finished: Finished): number[] {
  return [
    ...finished.results.map((result) => result.exitCode),
    ...finished.broken.map(() => EXIT.internal),
    ...(finished.stopped ? [EXIT.inconclusive] : []),
  ];
}

/** What `--json` says of one run. */
export function runForMachines(result: RunResult): object {
  return {
    scenario: result.scenario,
    driver: result.driver,
    seed: result.seed,
    verdict: result.verdict,
    exitCode: result.exitCode,
    fingerprint: result.fingerprint,
    invariants: Object.fromEntries(result.invariants.map(({ id, verdict }) => [id, verdict])),
    runDir: result.runDir,
    wallMs: result.wallMs,
    ...(result.report.without === undefined ? {} : { without: result.report.without }),
    replay: result.report.replay,
  };
}

/** A run directory as short as it can be written from here. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

/** DATABASE_URL when it is set (and answers), else a server of our own that ends with this process. */
export async function databaseServer(): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'>> {
  const url = process.env['DATABASE_URL'];
  if (url === undefined || url === '')
    return startEmbeddedPostgres({ dataDir: join(projectRoot(), '.assay', 'postgres') });
  await checkDatabase(url);
  return { url, stop: () => Promise.resolve() };
}

function mark(result: RunResult): string {
  if (result.verdict === 'pass') return pc.green('✔');
  return result.verdict === 'fail' ? pc.red('✘') : pc.yellow('?');
}
