/**
 * `assay run`: scenarios through a driver, one verdict table, and where the reports lie.
 * Without files it runs the whole library in virtual time and then three scenarios over real
 * HTTP: the main job of the project, and what `npm start` does.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { bug, UserError } from '../kernel/index.ts';
import {
  DIALECTS,
  failureBlock,
  libraryScenarios,
  loadTarget,
  onDialect,
  onTarget,
  verdictTable,
  type Dialect,
  type DriverKind,
  type OnDialect,
  type Target,
} from '../scenarios/index.ts';
import { EXIT } from './support/exit-codes.ts';
import { worstExitCode } from './support/exit-codes.ts';
import { findScenario, fromHere } from './support/find-scenario.ts';
import { requireOneOf } from './support/options.ts';
import type { Output } from './support/output.ts';
import {
  carryOut,
  DRIVERS,
  exitCodesOf,
  planRun,
  runForMachines,
  shortPath,
  type Finished,
  type PlannedRun,
} from './support/runs.ts';
import type { Verb } from './support/verb.ts';

/** The three that show what only real sockets and processes can: concurrency, time-outs, a killed process. */
const OVER_HTTP = ['happy-day', 'commit-then-timeout', 'service-killed'];

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Runs scenarios against the reference service and judges what happened.')
      .argument('[files...]', 'scenario files, or names from the library (default: the library, then three over HTTP)')
      .option('--driver <driver>', 'virtual (one process, virtual time) or http (real sockets, PostgreSQL, real time)')
      .option('--seed <seed>', 'the text from which every draw follows (default: the one in the file, or 1)')
      .option(
        '--psp <dialects>',
        `replaces all PSPs by accounts at this one, a run for each of a list, or all: ${DIALECTS.join(', ')}`,
      )
      .option(
        '--target <file>',
        "somebody else's service in place of the reference service: a target file, on the http driver",
      )
      .option('--out <dir>', 'where the run directories go', 'runs')
      .addHelpText(
        'after',
        `
Examples:
  assay run                                                the library, then three over HTTP
  assay run scenarios/library/commit-then-timeout.yaml --driver virtual --seed 7
  assay run happy-day --psp mollie                         the same story with another PSP
  assay run --driver virtual --psp all                     the whole library with each PSP
  assay run happy-day --driver http                        on DATABASE_URL, or an embedded PostgreSQL
  assay run happy-day --target my-shop.yaml                against a service of yours (assay target init)`,
      ),

  async execute(files, options, context) {
    const target = options['target'] === undefined ? undefined : loadTarget(String(options['target']));
    const driver = readDriver(options['driver'], target);
    const seed = String(options['seed'] ?? '1');
    // Every file is read before the first run: a mistake in the last one shows at once.
    const named =
      files.length === 0
        ? planLibrary(driver, seed, target)
        : files
            .map((file) => planRun(findScenario(file), target === undefined ? driver : undefined, seed))
            .map((run) => (options['seed'] === undefined ? { ...run, seed: run.scenario.seed ?? seed } : run));
    const dialects = readDialects(options['psp']);
    const { planned, notApplicable } =
      target === undefined ? withDialects(named, dialects) : withTarget(named, target, dialects);
    const finished = await carryOut(planned, String(options['out']), context);
    const exitCode = planned.length === 0 ? EXIT.inconclusive : worstExitCode(exitCodesOf(finished));
    show(finished, planned.length, context.output);
    for (const { scenario, dialect, reason } of notApplicable)
      context.output.say(`not applicable: ${scenario}${dialect === undefined ? '' : ` with ${dialect}`}: ${reason}`);
    if (notApplicable.length > 0) context.output.say(`${notApplicable.length} not applicable, counted as nothing.`);
    context.output.result({
      runs: finished.results.map(runForMachines),
      broken: finished.broken,
      notApplicable,
      stopped: finished.stopped,
      exitCode,
    });
    return exitCode;
  },
};

/** A service of somebody else's lives in real time. */
function readDriver(given: unknown, target: Target | undefined): DriverKind | undefined {
  const driver = given === undefined ? undefined : requireOneOf('driver', String(given), DRIVERS);
  if (target === undefined) return driver;
  if (driver === 'virtual')
    throw new UserError(
      `${target.name} cannot run on the virtual driver`,
      'Leave --driver out: a target runs over http.',
    );
  return 'http';
}

/** Undefined: the scenarios keep the PSPs that they name. */
function readDialects(given: unknown): Dialect[] | undefined {
  if (given === undefined) return undefined;
  if (given === 'all') return [...DIALECTS];
  return String(given)
    .split(',')
    .map((name) => requireOneOf('psp', name.trim(), DIALECTS));
}

interface NotApplicable {
  scenario: string;
  dialect?: Dialect;
  reason: string;
}

interface Sorted {
  planned: PlannedRun[];
  notApplicable: NotApplicable[];
}

/** Each run once for each dialect that can tell its story. */
function withDialects(runs: readonly PlannedRun[], dialects: readonly Dialect[] | undefined): Sorted {
  if (dialects === undefined) return { planned: [...runs], notApplicable: [] };
  return sort(runs, dialects, (run, dialect) =>
    dialect === undefined ? bug('no dialect') : onDialect(run.scenario, dialect),
  );
}

/** Each run as it can be told to `target`, once or once for each dialect. */
function withTarget(runs: readonly PlannedRun[], target: Target, dialects: readonly Dialect[] = []): Sorted {
  const asked = dialects.length === 0 ? [undefined] : dialects;
  const { planned, notApplicable } = sort(runs, asked, (run, dialect) => onTarget(run.scenario, target, dialect));
  return { planned: planned.map((run) => ({ ...run, driver: 'http', target })), notApplicable };
}

function sort(
  runs: readonly PlannedRun[],
  dialects: readonly (Dialect | undefined)[],
  tell: (run: PlannedRun, dialect: Dialect | undefined) => OnDialect,
): Sorted {
  const planned: PlannedRun[] = [];
  const notApplicable: NotApplicable[] = [];
  for (const run of runs) {
    for (const dialect of dialects) {
      const named = dialect === undefined ? {} : { dialect };
      const told = tell(run, dialect);
      if (told.kind === 'applicable')
        planned.push({
          ...run,
          scenario: told.scenario,
          ...named,
          ...(told.without === null ? {} : { without: told.without }),
        });
      else notApplicable.push({ scenario: run.scenario.name, ...named, reason: told.reason });
    }
  }
  return { planned, notApplicable };
}

/** The library on the driver that was asked for; without one, virtual first and then the three over HTTP. */
function planLibrary(driver: DriverKind | undefined, seed: string, target: Target | undefined): PlannedRun[] {
  const library = libraryScenarios().map(({ file, scenario }) => ({ file: fromHere(file), scenario, seed }));
  const on = (wanted: DriverKind): PlannedRun[] =>
    library
      .filter(({ scenario }) => (scenario.drivers ?? DRIVERS).includes(wanted))
      .map((run) => ({ ...run, driver: wanted }));
  // What a target cannot be told is listed with the reason.
  if (target !== undefined) return library.map((run) => ({ ...run, driver: 'http' }));
  if (driver !== undefined) return on(driver);
  return [...on('virtual'), ...on('http').filter(({ scenario }) => OVER_HTTP.includes(scenario.name))];
}

function show(finished: Finished, planned: number, output: Output): void {
  const { results, broken, stopped } = finished;
  const color = output.color;
  for (const { report } of results) {
    const block = failureBlock(report, { color });
    if (block !== '') output.say(block);
  }
  if (results.length > 0)
    output.say(
      verdictTable(
        results.map(({ report }) => report),
        { color },
      ),
    );
  for (const { scenario, driver, error } of broken) output.say(`${scenario} (${driver}) could not be run: ${error}`);
  if (stopped) output.say(`Stopped after ${results.length} of ${planned} runs.`);
  const [only] = results;
  if (only?.runDir === undefined) return;
  if (results.length === 1) output.say(`Report: ${join(shortPath(only.runDir), 'report.html')}`);
  else output.say(`Reports: ${shortPath(join(only.runDir, '..', '..', 'index.html'))}, with a link to each run`);
}
