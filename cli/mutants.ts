/**
 * `assay mutants`: plants known bugs into the reference service, one at a time, and shows that
 * generated runs expose each of them; then lets the correct service through the same runs,
 * where every alarm is a false one.
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
        'Plants known bugs into the reference service and shows that generated runs expose each, without false alarms.',
      )
      .argument('[mutants...]', 'names of mutants (default: all of them)')
      .option('--seeds <count>', 'generated runs: seeds 1 to this number', '200')
      .option('--workers <count>', 'processes side by side (default: one for each core, 4 at most)')
      .addHelpText(
        'after',
        `
Mutants:
${MUTANTS.map(({ name, title }) => `  ${name.padEnd(32)} ${title}`).join('\n')}

Examples:
  assay mutants                                        all mutants, 200 seeds
  assay mutants check-then-act --seeds 50              one of them`,
      ),

  async execute(names, options, { output, interrupt }) {
    const wall = createRealClock();
    const startedMs = wall.elapsed();
    const unknown = names.find((name) => MUTANTS.every((mutant) => mutant.name !== name));
    if (unknown !== undefined) {
      throw new UserError(
        `there is no mutant "${unknown}"`,
        didYouMean(
          unknown,
          MUTANTS.map(({ name }) => name),
        ),
      );
    }
    const seeds = readCount('--seeds', options['seeds']);
    const workers = options['workers'] === undefined ? {} : { workers: readCount('--workers', options['workers']) };
    const progress = createProgress(output, seeds + (names.length || MUTANTS.length));
    let steps = 0;
    const result = await runMutants({
      seeds,
      names,
      ...workers,
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

function readCount(what: string, given: unknown): number {
  const text = String(given);
  if (/^[1-9][0-9]{0,5}$/.test(text)) return Number(text);
  throw new UserError(`${what} "${text}" is not a count`, 'Give a whole number from 1 on.');
}

function exitCodeOf(result: MutantsResult): number {
  const missed = result.mutants.some(({ caught }) => !caught);
  return worstExitCode([
    ...(missed || result.falseAlarms.length > 0 ? [EXIT.violated] : []),
    ...(result.stopped || result.inconclusive.length > 0 ? [EXIT.inconclusive] : []),
  ]);
}

function show(result: MutantsResult, output: Output): void {
  const { mutants, falseAlarms, inconclusive, detected, seeds, passed, stopped } = result;
  output.say(tableOf(mutants, output.color));
  for (const mutant of mutants) output.say(detailOf(mutant));
  output.say('');
  output.say(`Found ${detected} planted bugs in generated runs of seeds 1 to ${seeds}.`);
  output.say(
    `The correct service passed ${passed} of ${seeds} runs, with ${falseAlarms.length} false alarms${inconclusive.length === 0 ? '' : ` and ${inconclusive.length} runs without a verdict`}.`,
  );
  for (const run of [...falseAlarms, ...inconclusive]) output.say(complaintOf(run));
  if (stopped) output.say('Stopped before the end.');
}

function tableOf(mutants: readonly MutantOutcome[], color: boolean): string {
  const table = new Table({
    head: ['mutant', 'caught by', 'seed', 'contradiction'],
    style: { head: color ? ['bold'] : [], border: color ? ['gray'] : [] },
    colWidths: [null, null, null, WIDEST_CONTRADICTION],
    wordWrap: true,
  });
  for (const { name, caught, by, seed, seedsTried, contradiction } of mutants) {
    table.push(
      caught
        ? [name, by.join(', '), String(seed), contradiction ?? '']
        : [name, 'not caught', `${seedsTried} tried`, ''],
    );
  }
  return table.toString();
}

function detailOf({ name, replay, broken }: MutantOutcome): string {
  const lines = [
    ...(replay === null ? [] : [replay]),
    ...broken.map(({ seed, error }) => `seed ${seed} could not be run: ${error}`),
  ];
  return `  ${name.padEnd(32)} ${lines.join('; ')}`.trimEnd();
}

function complaintOf({ seed, verdict, by, reason, replay }: CorrectOutcome): string {
  return `  seed ${seed}: ${verdict} ${by.join(', ')} ${reason ?? ''}\n    ${replay}`;
}
