/**
 * `assay check`: judges a recorded history again, by the invariants as they are today. Nothing
 * is run; an old run can fail a new invariant.
 */
import type { Command } from 'commander';
import { failureBlock, verdictTable } from '../scenarios/index.ts';
import { judgeAgain } from './support/judge-again.ts';
import { oneArgument } from './support/options.ts';
import { readRecordedRun } from './support/recorded-run.ts';
import type { Verb } from './support/verb.ts';

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Judges a recorded history again, without running anything.')
      .argument('<run-dir>', 'a folder that `assay run` wrote')
      .addHelpText('after', '\nExample:\n  assay check runs/commit-then-timeout/latest'),

  execute(args, _options, { output }) {
    const run = readRecordedRun(oneArgument(args));
    if (run.truncated) output.note('The history ends in the middle of a line (a killed run); that line is left out.');
    const report = judgeAgain(run);
    const { color } = output;
    const block = failureBlock(report, { color });
    if (block !== '') output.say(block);
    output.say(verdictTable([report], { color }));
    const { verdict, exitCode, invariants } = report.judged;
    output.result({
      scenario: run.plan.scenario,
      driver: run.driver,
      seed: run.seed,
      verdict,
      invariants: Object.fromEntries(invariants.map(({ id, verdict: one }) => [id, one])),
      fingerprint: run.fingerprint,
      exitCode,
    });
    return Promise.resolve(exitCode);
  },
};
