/**
 * `assay load`: one journey under load. k6 drives the service while a scenario's faults last;
 * afterwards the same invariants as ever judge the whole run, because a fast deposit that lost
 * money is no success. `assay load merge` makes one result of several segments.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createRandomIds, UserError } from '../kernel/index.ts';
import {
  findK6,
  headline,
  journeys,
  mergeResults,
  profiles,
  readProfile,
  rowsOf,
  runLoad,
  writeLoadReports,
  type LoadResult,
} from '../load/index.ts';
import { loadScenario } from '../scenarios/index.ts';
import { EXIT } from './support/exit-codes.ts';
import { findScenario } from './support/find-scenario.ts';
import { oneArgument } from './support/options.ts';
import type { Output } from './support/output.ts';
import { shortPath } from './support/runs.ts';
import type { Verb, VerbContext } from './support/verb.ts';

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Measures a journey under load with k6, and judges the whole run by the same invariants.')
      .argument('<journey...>', `one of: ${journeys().join(', ')}; or: merge <load.json of each segment>`)
      .option('--profile <name>', `how much load: ${profiles().join(', ')}`, 'smoke')
      .option(
        '--chaos <scenario>',
        'a scenario file or name whose faults happen meanwhile, over the length of the load',
      )
      .option('--segment <i/n>', 'only the i-th of n parts of the load')
      .option('--out <dir>', 'where the reports go', 'runs')
      .addHelpText(
        'after',
        '\nExamples:\n  assay load deposit --profile smoke\n  assay load deposit --profile steady --chaos psp-outage-failover\n  assay load deposit --segment 1/2        then merge: assay load merge a/load.json b/load.json\n  K6_BIN=/opt/k6/k6 assay load deposit        a k6 of yours',
      ),

  async execute(args, options, context) {
    const { output, interrupt } = context;
    if (args[0] === 'merge') return merge(args.slice(1), String(options['out']), output);
    const given = options['segment'];
    const segment = given === undefined ? undefined : readSegment(String(given));
    const chaos = options['chaos'] === undefined ? undefined : loadScenario(findScenario(String(options['chaos'])));
    try {
      const result = await runLoad({
        journey: oneArgument(args),
        profile: String(options['profile']),
        k6: findK6({ explicit: process.env['K6_BIN'], searchPath: process.env['PATH'] ?? '' }),
        outDir: String(options['out']),
        runId: createRandomIds().uuid(),
        ...(chaos === undefined ? {} : { chaos }),
        ...(segment === undefined ? {} : { segment }),
        environment: { ...process.env },
        onText: (text) => process.stderr.write(text),
        onProgress: progressOf(context),
        signal: interrupt.signal,
      });
      show(result, output);
      return interrupt.signal.aborted ? EXIT.inconclusive : result.exitCode;
    } catch (error) {
      if (!interrupt.signal.aborted) throw error;
      output.note('assay: stopped before the load run was over: nothing is judged');
      output.result({ stopped: true, exitCode: EXIT.inconclusive });
      return EXIT.inconclusive;
    }
  },
};

/** Of every hundred operations and of each new phase one line; on a terminal only. */
function progressOf({ output }: VerbContext): (what: string, ended: number) => void {
  let last = '';
  return (what, ended) => {
    const line = `${what}: ${ended - (ended % 100)} operations ended`;
    if (line === last || !output.live) return;
    last = line;
    output.note(line);
  };
}

function readSegment(text: string): { part: number; parts: number } {
  const [part = 0, parts = 0] = text.split('/').map(Number);
  if (/^\d+\/\d+$/.test(text) && part >= 1 && part <= parts) return { part, parts };
  throw new UserError(`--segment "${text}" is no part of a whole`, 'Give i/n with 1 ≤ i ≤ n, such as 1/2.', EXIT.usage);
}

function merge(files: string[], out: string, output: Output): number {
  const parts = files.map((file) => {
    if (!existsSync(file))
      throw new UserError(`there is no file ${file}`, 'Name the load.json of each segment.', EXIT.usage);
    const read = JSON.parse(readFileSync(file, 'utf8')) as LoadResult;
    if (read.schema !== 1 || read.measurement === undefined)
      throw new UserError(`${file} is no result of a load run`, 'Name the load.json of each segment.', EXIT.usage);
    return read;
  });
  const [first] = parts;
  const folder = join(out, `load-${first?.journey ?? 'none'}`, 'merged');
  const result = mergeResults(parts, first === undefined ? 0 : readProfile(first.profile).p95Ms, folder);
  writeLoadReports(result);
  show(result, output);
  return result.exitCode;
}

function show(result: LoadResult, output: Output): void {
  const ms = (value: number | null): string => `${value === null ? '–' : Math.round(value)} ms`;
  for (const row of rowsOf(result.measurement)) {
    output.say(
      `${row.what}: ${row.done} of ${row.started} in the budget, p50 ${ms(row.p50)}, p95 ${ms(row.p95)}, p99 ${ms(row.p99)}`,
    );
    output.say(
      `  by the service p95 ${ms(row.serverP95)}, of it at the PSP ${ms(row.pspP95)}, its own ${ms(row.ownP95)}`,
    );
  }
  for (const { id, title, verdict, reason } of result.invariants)
    if (verdict === 'fail' || verdict === 'unknown') output.say(`${verdict}: ${id} ${title} ${reason}`);
  for (const missed of result.missedThresholds) output.say(`threshold missed: ${missed}`);
  output.say(`${headline(result)}`);
  output.say(`verdict: ${result.verdict}   reports: ${shortPath(join(result.outDir, 'load.html'))}`);
  output.result(result);
}
