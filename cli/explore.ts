/**
 * `assay explore`: random scenarios from seeds, on all cores, against the reference service. A
 * failure is made as small as it goes and written as a scenario that a person can read.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { projectRoot, UserError } from '../kernel/index.ts';
import {
  durationMs,
  MUTANTS,
  readCorpus,
  runExplore,
  writeRegression,
  type ExploreReport,
} from '../scenarios/index.ts';
import { showExploration } from './support/exploration-summary.ts';
import { EXIT, worstExitCode } from './support/exit-codes.ts';
import { requireOneOf } from './support/options.ts';
import { createProgress } from './support/progress.ts';
import { shortPath } from './support/runs.ts';
import type { Verb } from './support/verb.ts';

const DEFAULT_SEEDS = 200;

/** A log has a sign of life now and then; a terminal has its bar. */
const RUNS_PER_SIGN = 50;

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Plays random scenarios from seeds and judges each; makes what fails smaller.')
      .option('--seeds <count>', `fresh seeds (default: ${DEFAULT_SEEDS}, or as many as --for allows)`)
      .option('--for <duration>', 'begin no further seed after this time, such as 10m')
      .option('--word <word>', 'fresh seeds are word-1, word-2, … instead of 1, 2, …')
      .option('--no-corpus', 'leave out the seeds of scenarios/regressions/corpus.yaml, which are tried first')
      .option('--mutant <name>', 'with this bug planted, until it is found (see `assay mutants --help`)')
      .option('--audit', 'run every seed twice: another history is exit code 3')
      .option('--jobs <count>', 'processes side by side (default: one for each core)')
      .option(
        '--out <dir>',
        'where shrunk scenarios go (default: scenarios/regressions, or runs/explore with --mutant)',
      )
      .addHelpText(
        'after',
        `
Examples:
  assay explore --seeds 500
  assay explore --for 10m --word tonight               other seeds than yesterday
  assay explore --mutant no-deduplication              how soon a planted bug is found, and how small
  assay explore --audit --seeds 50                     every seed twice`,
      ),

  async execute(args, options, { output, interrupt }) {
    if (args[0] !== undefined)
      throw new UserError(
        `"${args[0]}" is one argument too many`,
        'A single run is repeated by `assay replay <token>`.',
      );
    const seeds = optional(options['seeds'], (text) => readCount('--seeds', text));
    const forMs = optional(options['for'], readDuration);
    const mutant = optional(options['mutant'], (name) =>
      requireOneOf(
        'mutant',
        name,
        MUTANTS.map((one) => one.name),
      ),
    );
    const jobs = optional(options['jobs'], (text) => readCount('--jobs', text));
    const word = optional(options['word'], readWord);
    const corpus = options['corpus'] === false || mutant !== undefined ? [] : readCorpus().map(({ token }) => token);
    const wanted = seeds ?? (forMs === undefined ? DEFAULT_SEEDS : undefined);
    const progress = createProgress(output, wanted === undefined ? 0 : wanted + corpus.length);
    let runs = 0;
    const report = await runExplore({
      corpus,
      audit: options['audit'] === true,
      color: output.color,
      signal: interrupt.signal,
      ...(wanted === undefined ? {} : { seeds: wanted }),
      ...(forMs === undefined ? {} : { forMs }),
      ...(mutant === undefined ? {} : { mutant }),
      ...(jobs === undefined ? {} : { jobs }),
      ...(word === undefined ? {} : { word }),
      onProgress: (now) => {
        const rate = `${now.runsPerSecond}/s, ${now.virtualHours} virtual h, ${now.exercised} of ${now.feasible} cells`;
        progress.begin(rate);
        const sign = now.runs !== runs && now.runs % RUNS_PER_SIGN === 0 ? `${now.runs} runs, ${rate}` : '';
        if (output.live && now.line !== undefined) output.note(now.line);
        if (now.runs !== runs || now.line !== undefined) progress.advance(now.line ?? sign);
        runs = now.runs;
      },
    }).finally(() => progress.stop());
    const out = String(
      options['out'] ?? (mutant === undefined ? join(projectRoot(), 'scenarios/regressions') : 'runs/explore'),
    );
    const files = report.shrunk.map((shrunk) => shortPath(writeRegression(out, shrunk)));
    const exitCode = exitCodeOf(report);
    showExploration(report, files, output);
    output.result({ ...report, shrunk: report.shrunk.map((one, index) => ({ ...one, file: files[index] })), exitCode });
    return exitCode;
  },
};

function exitCodeOf(report: ExploreReport): number {
  return worstExitCode([
    ...(report.broken.length > 0 ? [EXIT.internal] : []),
    ...(report.otherHistories.length > 0 ? [EXIT.otherHistory] : []),
    ...(report.failed.length > 0 ? [EXIT.violated] : []),
    ...(report.inconclusive.length > 0 || report.stopped ? [EXIT.inconclusive] : []),
  ]);
}

function optional<T>(given: unknown, read: (text: string) => T): T | undefined {
  return given === undefined ? undefined : read(String(given));
}

function readCount(what: string, text: string): number {
  if (/^[1-9][0-9]{0,6}$/.test(text)) return Number(text);
  throw new UserError(`${what} "${text}" is not a count`, 'Give a whole number from 1 on.');
}

function readDuration(text: string): number {
  if (/^[0-9]+(ms|s|m|h|d)$/.test(text) && durationMs(text) > 0) return durationMs(text);
  throw new UserError(`--for "${text}" is no duration`, 'Write for example 60s, 10m or 8h.');
}

function readWord(text: string): string {
  if (/^[a-z0-9-]{1,30}$/.test(text)) return text;
  throw new UserError(`--word "${text}" makes no names`, 'Use lower-case letters, digits and hyphens, 30 at most.');
}
