/**
 * `assay report`: writes pages again, without running anything. For a run directory its four
 * reports, judged by today's invariants; for a folder of runs the page over all of them.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../kernel/index.ts';
import { writeReports, writeRunsIndex } from '../scenarios/index.ts';
import { EXIT } from './support/exit-codes.ts';
import { judgeAgain } from './support/judge-again.ts';
import type { Output } from './support/output.ts';
import { readRecordedRun } from './support/recorded-run.ts';
import { shortPath } from './support/runs.ts';
import type { Verb } from './support/verb.ts';

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Writes the page of a run, or the page over many runs, again. Runs nothing.')
      .argument('[dir]', 'a run directory, or a folder with runs in it', 'runs')
      .addHelpText(
        'after',
        `
Examples:
  assay report                                  runs/index.html and runs/verdict.md
  assay report runs/commit-then-timeout/latest  report.html and its kin, by today's invariants

The exit code says whether the pages could be written, not what they tell: that is \`assay check\`.`,
      ),

  execute([dir = 'runs', more], _options, { output }) {
    if (more !== undefined) throw new UserError(`"${more}" is one argument too many`, 'Give one folder.');
    if (!existsSync(dir) || !statSync(dir).isDirectory())
      throw new UserError(`there is no folder "${dir}"`, 'Give a run directory, or the folder where runs go.');
    if (existsSync(join(dir, 'history.ndjson'))) writeOne(dir, output);
    else writeMany(dir, output);
    return Promise.resolve(EXIT.pass);
  },
};

function writeOne(dir: string, output: Output): void {
  const report = judgeAgain(readRecordedRun(dir));
  const paths = writeReports(dir, report);
  output.say(`${shortPath(paths.html)}`);
  output.result({ ...paths, verdict: report.judged.verdict, exitCode: EXIT.pass });
}

function writeMany(dir: string, output: Output): void {
  const written = writeRunsIndex(dir);
  if (written === undefined)
    throw new UserError(`there are no runs with a verdict in "${dir}"`, 'Run something first: `assay run happy-day`.');
  const { html, markdown, runs, latest, unfinished } = written;
  output.say(
    `${shortPath(html)} and ${shortPath(markdown)}: ${runs.length} runs of ${latest.length} scenarios and drivers`,
  );
  if (unfinished.length > 0) output.say(`${unfinished.length} directories have a history and no verdict.`);
  output.result({ html, markdown, runs: runs.length, unfinished: unfinished.length, exitCode: EXIT.pass });
}
