/** `assay target doctor`: every line of a target file, tried. Exit code 0 when all that is described works, 1 when not. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { projectRoot } from '../../kernel/index.ts';
import { examineTarget, loadTarget, usesDatabase, type Check, type Examination } from '../../scenarios/index.ts';
import { EXIT } from '../support/exit-codes.ts';
import { oneArgument } from '../support/options.ts';
import type { Output } from '../support/output.ts';
import { databaseServer, shortPath } from '../support/runs.ts';
import type { Verb } from '../support/verb.ts';

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Tries each line of a target file against the started service and simulated PSPs.')
      .argument('<file>', 'the target file')
      .addHelpText(
        'after',
        `
Example:
  assay target doctor examples/node-express/target.yaml

It makes a few small deposits at a service that is started for this (or runs at \`url\`); no real
PSP is called. Exit code 1: a line of the file does not work.`,
      ),

  async execute(args, _options, { output }) {
    const target = loadTarget(oneArgument(args));
    const folder = join(projectRoot(), 'runs');
    mkdirSync(folder, { recursive: true });
    const logPath = join(folder, `${target.name}-doctor.log`);
    const server = usesDatabase(target) ? await databaseServer() : undefined;
    try {
      const found = await examineTarget({
        target,
        logPath,
        ...(server === undefined ? {} : { databaseUrl: server.url }),
        onCheck: (check) => say(check, output),
      });
      conclude(found, output);
      if (!found.healthy && target.start !== undefined)
        output.note(`What ${target.name} printed: ${shortPath(logPath)}`);
      const exitCode = found.healthy ? EXIT.pass : EXIT.violated;
      output.result({ ...found, exitCode });
      return exitCode;
    } finally {
      await server?.stop();
    }
  },
};

const WIDTH = 26;

function say({ line, works, says, advice }: Check, output: Output): void {
  const paint = output.color ? pc : pc.createColors(false);
  const mark = works === null ? paint.dim('–') : works ? paint.green('✔') : paint.red('✘');
  output.say(`${mark} ${line.padEnd(WIDTH)} ${says}`);
  if (advice !== undefined) output.say(`  ${''.padEnd(WIDTH)} ${advice}`);
}

function conclude({ target, missing, unknown, healthy }: Examination, output: Output): void {
  output.say('');
  output.say(healthy ? `${target}: what the file describes works.` : `${target}: something in the file does not work.`);
  if (missing.length === 0) {
    if (!healthy) return;
    output.say('Nothing is missing: every invariant that a run puts to the test can be judged.');
    return;
  }
  output.say(`Unknown in every run until you add it: ${unknown.join(', ')}`);
  for (const { add } of missing) output.say(`  ${add}`);
}
