/**
 * `assay mutants`: plants known bugs into the reference service, one at a time, and shows that
 * runs expose each of them, how soon, and by how small a story; then lets the correct service
 * through the same runs, where every alarm is a false one.
 */
import Table from 'cli-table3';
import type { Command } from 'commander';
import pc from 'picocolors';
import { createRealClock, UserError } from '../kernel/index.ts';
import {
  MUTANTS,
  runMutants,
  type CorrectOutcome,
  type MutantOutcome,
  type MutantsOptions,
  type MutantsResult,
} from '../scenarios/index.ts';
import { EXIT, worstExitCode } from './support/exit-codes.ts';
import { didYouMean } from './support/options.ts';
import type { Output } from './support/output.ts';
import { createProgress } from './support/progress.ts';
import type { Verb } from './support/verb.ts';

const WIDEST_CONTRADICTION = 46;

const STEPS_PER_SIGN = 25;

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description(
        'Plants known bugs into the reference service and shows that runs expose each, without false alarms.',
      )
      .argument('[mutants...]', 'names of mutants (default: all of them)')
      .option('--only <names>', 'the same as a list joined by commas')
      .option('--seeds <count>', 'generated runs for each mutant: seeds 1 to this number', '200')
      .option('--correct <count>', 'generated runs of the correct service (default: as many)')
      .option('--shrink <tries>', 'runs to make each counterexample smaller, 0 for none', '40')
      .option('--jobs <count>', 'processes side by side (default: one for each core, 4 at most)')
      .addHelpText(
        'after',
        `
Mutants:
${MUTANTS.map(({ name, title }) => `  ${name.padEnd(34)} ${title}`).join('\n')}

Examples:
  assay mutants                                        all mutants, 200 seeds
  assay mutants check-then-act --seeds 50              one of them
  assay mutants --only loses-a-cent,takes-a-bet-again --correct 0 --shrink 0`,
      ),

  async execute(names, options, { output, interrupt }) {
    const wall = createRealClock();
    const startedMs = wall.elapsed();
    const asked = readNames(names, options['only']);
    const hunt = readHunt(asked, options);
    const progress = createProgress(output, (hunt.correctSeeds ?? hunt.seeds) + (asked.length || MUTANTS.length));
    let steps = 0;
    const result = await runMutants({
      ...hunt,
      signal: interrupt.signal,
      onProgress: ({ done, total, label, line }) => {
        progress.begin(label);
        if (steps === done) return;
        steps = done;
        // A bar counts every step; a log has a line where something happened, and a sign of life.
        const signOfLife = done % STEPS_PER_SIGN === 0 ? `${done} of ${total} steps done` : undefined;
        const said = line ?? signOfLife;
        if (output.live || said !== undefined) progress.advance(said ?? '');
      },
    }).finally(() => progress.stop());
    const exitCode = exitCodeOf(result);
    show(result, output);
    output.say(pc.dim(`${Math.round((wall.elapsed() - startedMs) / 1_000)} s`));
    output.result({ ...result, exitCode });
    return exitCode;
  },
};

function readNames(names: readonly string[], only: unknown): string[] {
  const listed = only === undefined ? [] : String(only).split(',');
  const asked = [...names, ...listed].map((name) => name.trim()).filter((name) => name !== '');
  if (only !== undefined && asked.length === 0)
    throw new UserError('--only names no mutant', 'Give names joined by commas, as `assay mutants --help` lists them.');
  const unknown = asked.find((name) => !MUTANTS.some((mutant) => mutant.name === name));
  if (unknown === undefined) return asked;
  const known = MUTANTS.map(({ name }) => name);
  throw new UserError(`there is no mutant "${unknown}"`, didYouMean(unknown, known));
}

function readHunt(names: readonly string[], options: Record<string, unknown>): MutantsOptions {
  const { correct, jobs } = options;
  return {
    names,
    seeds: readCount('--seeds', options['seeds'], 1),
    shrinkTries: readCount('--shrink', options['shrink'], 0),
    ...(correct === undefined ? {} : { correctSeeds: readCount('--correct', correct, 0) }),
    ...(jobs === undefined ? {} : { workers: readCount('--jobs', jobs, 1) }),
  };
}

function readCount(what: string, given: unknown, least: 0 | 1): number {
  const text = String(given);
  if (/^(0|[1-9][0-9]{0,5})$/.test(text) && Number(text) >= least) return Number(text);
  throw new UserError(`${what} "${text}" is not a count`, `Give a whole number from ${least} on.`);
}

function exitCodeOf(result: MutantsResult): number {
  const missed = result.mutants.some(({ caught }) => !caught);
  return worstExitCode([
    ...(missed || result.falseAlarms.length > 0 ? [EXIT.violated] : []),
    ...(result.stopped || result.inconclusive.length > 0 ? [EXIT.inconclusive] : []),
  ]);
}

function show(result: MutantsResult, output: Output): void {
  const { mutants, falseAlarms, inconclusive, detected, correctSeeds, passed, stopped } = result;
  output.say(tableOf(mutants, output.color));
  for (const mutant of mutants) output.say(detailOf(mutant));
  output.say('');
  output.say(`Found ${detected} planted bugs, ${result.caughtByGeneratedRuns} of them in generated runs.`);
  if (result.medianSeeds !== null)
    output.say(`In generated runs: after ${result.medianSeeds} seeds in the median, of ${result.seeds} allowed.`);
  if (result.medianSmall !== null) output.say(`Smallest counterexample, median: ${sizeText(result.medianSmall)}.`);
  if (correctSeeds > 0)
    output.say(
      `The correct service passed ${passed} of ${correctSeeds} runs, with ${falseAlarms.length} false alarms${inconclusive.length === 0 ? '' : ` and ${inconclusive.length} runs without a verdict`}.`,
    );
  for (const run of [...falseAlarms, ...inconclusive]) output.say(complaintOf(run));
  if (stopped) output.say('Stopped before the end.');
}

function sizeText({ payments, faults, timelineLines }: NonNullable<MutantsResult['medianSmall']>): string {
  return `${payments} payments, ${faults} faults, ${timelineLines} timeline lines`;
}

function tableOf(mutants: readonly MutantOutcome[], color: boolean): string {
  const table = new Table({
    head: ['mutant', 'caught by', 'where', 'payments, faults, lines', 'contradiction'],
    style: { head: color ? ['bold'] : [], border: color ? ['gray'] : [] },
    colWidths: [null, null, null, null, WIDEST_CONTRADICTION],
    wordWrap: true,
  });
  for (const mutant of mutants) {
    const { name, caught, by, seedsTried, actedIn, small, contradiction } = mutant;
    const size = small === null ? '' : `${small.payments}, ${small.faults}, ${small.timelineLines}`;
    const whyNot = actedIn === 0 ? 'its bug never acted' : `its bug acted in ${actedIn} runs`;
    table.push(
      caught
        ? [name, by.join(', '), whereOf(mutant), size, contradiction ?? '']
        : [name, 'not caught', `${seedsTried} seeds`, '', whyNot],
    );
  }
  return table.toString();
}

function whereOf({ found, seed, scenario }: MutantOutcome): string {
  if (found === 'generated') return `generated, seed ${seed}`;
  return `${found}: ${scenario}, seed ${seed}`;
}

function detailOf({ name, replay, small, broken }: MutantOutcome): string {
  const lines = [
    ...(replay === null ? [] : [small?.replay ?? replay]),
    ...broken.map(({ seed, error }) => `seed ${seed} could not be judged: ${error}`),
  ];
  return `  ${name.padEnd(34)} ${lines.join('; ')}`.trimEnd();
}

function complaintOf({ seed, verdict, by, reason, replay }: CorrectOutcome): string {
  return `  seed ${seed}: ${verdict} ${by.join(', ')} ${reason ?? ''}\n    ${replay}`;
}
