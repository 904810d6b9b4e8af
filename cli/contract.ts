/**
 * `assay contract verify`: what a PSP's engineer runs against his own sandbox. Every check has an
 * id that does not change; a failure says what was expected, what came, why it matters, and how
 * to call it by hand.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { listChecks, runVerify, type Listed, type Result, type RunOptions, type Summary } from '../contracts/index.ts';
import { projectRoot, UserError } from '../kernel/index.ts';
import { EXIT } from './support/exit-codes.ts';
import type { Output } from './support/output.ts';
import { createProgress, type Progress } from './support/progress.ts';
import { shortPath } from './support/runs.ts';
import type { Verb } from './support/verb.ts';

const collect = (value: string, before: string[] = []): string[] => [...before, value];

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Verifies that a PSP keeps the contract that our service relies on.')
      .argument('<action>', 'verify')
      .option('--config <file>', 'partner.yaml: address, credentials by variable, webhooks (contracts/PARTNERS.md)')
      .option('--target <target>', 'a simulated PSP instead: simulator:stripe, simulator:acme, …')
      .option('--list', 'only list the checks, and end')
      .option('--only <id>', 'only this check, repeatable; a * at the end stands for the rest', collect)
      .option('--last-failed', 'only what did not pass the last time')
      .option('--out <dir>', 'where the reports go', join('runs', 'contract'))
      .addHelpText(
        'after',
        `
Examples:
  assay contract verify --target simulator:stripe            a green run, to see what it looks like
  assay contract verify --config partner.yaml                your sandbox
  assay contract verify --config partner.yaml --only 'webhooks.*'

Writes report.html, junit.xml, report.json and conformance.json, the file to mail back.
Exit code 0: kept, 1: broken, 2: something could not be looked at.`,
      ),

  async execute(args, options, { output, interrupt }) {
    const [action, ...more] = args;
    if (action !== 'verify' || more.length > 0)
      throw new UserError(
        `"${args.join(' ')}" is not an action of \`assay contract\``,
        'The only one is `assay contract verify`.',
      );
    const { config, target } = options as { config?: string; target?: string };
    if ((config === undefined) === (target === undefined))
      throw new UserError(
        config === undefined ? 'nothing to verify was named' : '--config and --target do not go together',
        'Give --config partner.yaml, or --target simulator:stripe to try it.',
      );
    const what = {
      only: (options['only'] as string[] | undefined) ?? [],
      ...(config === undefined ? {} : { config }),
      ...(target === undefined ? {} : { target }),
    };
    if (options['list'] === true) return list(listChecks(what), output);
    const shown = showProgress(output);
    const run = await runVerify({
      ...what,
      lastFailed: options['lastFailed'] === true,
      outDir: String(options['out']),
      launch: [join(projectRoot(), 'bin', 'assay.js')],
      signal: interrupt.signal,
      ...shown,
    }).finally(shown.end);
    if (interrupt.signal.aborted) output.note('stopped: what was not looked at is missing in the report');
    conclude(run.summary, { html: run.html, conformance: run.conformance }, output);
    return run.summary.exitCode;
  },
};

type Shown = Required<Pick<RunOptions, 'onCheck' | 'onResult'>> & { end(): void };

/** On a terminal a bar with the check at hand, and afterwards what did not pass; in a log a line for each as it is done. */
function showProgress(output: Output): Shown {
  let progress: Progress | undefined;
  const later: string[] = [];
  return {
    onCheck: ({ id }, { total }) => {
      progress ??= createProgress(output, total);
      progress.begin(id);
    },
    onResult: (result, { done, total }) => {
      const text = textOf(result, `${String(done).padStart(String(total).length)}/${total}`);
      progress?.advance(text);
      if (output.live && result.finding.verdict !== 'pass') later.push(text);
    },
    end: () => {
      progress?.stop();
      for (const text of later) output.note(text);
    },
  };
}

function list(checks: readonly Listed[], output: Output): number {
  const width = Math.max(...checks.map(({ id }) => id.length));
  for (const { id, title } of checks) output.say(`${id.padEnd(width)}  ${title}`);
  output.result({ checks, exitCode: EXIT.pass });
  return EXIT.pass;
}

const MARKS = { pass: pc.green('pass   '), fail: pc.red('FAIL   '), unknown: pc.yellow('unknown') } as const;

/** One line for a check that passed; a failure with all that there is to know. */
function textOf({ id, why, finding, tolerated }: Result, position: string): string {
  const until = tolerated === undefined ? '' : pc.yellow(` (tolerated until ${tolerated.until}: ${tolerated.reason})`);
  const head = `${pc.dim(position)} ${MARKS[finding.verdict]} ${id}${until}`;
  const more = detailsOf(finding, why).map((line) => line.replaceAll(/^/gm, '          '));
  return [head, ...more].join('\n');
}

function detailsOf(finding: Result['finding'], why: string): string[] {
  if (finding.verdict === 'pass') return [];
  if (finding.verdict === 'unknown') return [finding.reason];
  const { expected, got, curl } = finding;
  const words = [`expected  ${expected}`, `got       ${got}`, `why       ${why}`];
  return curl === undefined ? words : [...words, curl];
}

function conclude(summary: Summary, files: { html: string; conformance: string }, output: Output): void {
  const { counts, verdict, partner, partial } = summary;
  const tolerated = counts.tolerated === 0 ? '' : `, ${counts.tolerated} tolerated`;
  output.say(
    `${partner}: ${verdict}   ${counts.pass} passed, ${counts.fail} failed, ${counts.unknown} unknown${tolerated}${partial ? ' (a part of the checks)' : ''}`,
  );
  output.say(`report: ${shortPath(files.html)}   to mail back: ${shortPath(files.conformance)}`);
  const failed = summary.stages.flatMap(({ results }) => results).filter(({ finding }) => finding.verdict !== 'pass');
  output.result({
    partner,
    dialect: summary.dialect,
    verdict,
    counts,
    partial,
    notPassed: failed.map(({ id, finding }) => ({ id, ...finding })),
    report: files.html,
    conformance: files.conformance,
    exitCode: summary.exitCode,
  });
}
