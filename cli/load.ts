/**
 * `assay load`: one journey under load. k6 drives the service while a scenario's faults last;
 * afterwards the same invariants as ever judge the whole run, because a fast deposit that lost
 * money is no success. `assay load merge` makes one result of several segments.
 */
import type { Command } from 'commander';
import { createRandomIds, UserError } from '../kernel/index.ts';
import { findK6, journeys, profiles, readBaseline, runLoad, type LoadOptions, type LoadResult } from '../load/index.ts';
import { durationMs, loadScenario, loadTarget, RunStopped } from '../scenarios/index.ts';
import { finish } from './load/finish.ts';
import { mergeFiles } from './load/merge.ts';
import { EXIT } from './support/exit-codes.ts';
import { findScenario } from './support/find-scenario.ts';
import { oneArgument } from './support/options.ts';
import type { Verb, VerbContext } from './support/verb.ts';

const EXAMPLES = `
Examples:
  assay load deposit --profile smoke
  assay load deposit --profile steady --chaos scenarios/library/psp-outage-failover.yaml
  assay load deposit --profile ramp --duration 2m
  assay load deposit --target my-shop.yaml
  assay load deposit --save-baseline load/baselines        later: --baseline load/baselines
  assay load deposit --segment 1/2        then merge: assay load merge a/load.json b/load.json
  K6_BIN=/opt/k6/k6 assay load deposit        a k6 of yours`;

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Measures a journey under load with k6, and judges the whole run by the same invariants.')
      .argument('<journey...>', `one of: ${journeys().join(', ')}; or: merge <load.json of each segment>`)
      .option('--profile <name>', `how much load: ${profiles().join(', ')}`, 'smoke')
      .option('--duration <time>', 'stretches or squeezes the profile onto this time, such as 90s or 10m')
      .option(
        '--chaos <scenario>',
        'a scenario file or name whose faults happen meanwhile, over the length of the load',
      )
      .option('--target <file>', "somebody else's service in place of the reference service: a target file")
      .option('--baseline <place>', 'a stored baseline to compare with: its file, or the folder of several')
      .option('--save-baseline <place>', 'stores what was measured as a baseline, in a file or folder')
      .option('--segment <i/n>', 'only the i-th of n parts of the load')
      .option('--out <dir>', 'where the reports go', 'runs')
      .addHelpText('after', EXAMPLES),

  async execute(args, options, context) {
    const { output, interrupt } = context;
    if (args[0] === 'merge') return mergeFiles(args.slice(1), options, output);
    const load = read(args, options, context);
    let result: LoadResult;
    try {
      result = await runLoad(load);
    } catch (error) {
      if (!interrupt.signal.aborted) throw error;
      const where = error instanceof RunStopped ? '' : ` (${error instanceof Error ? error.message : String(error)})`;
      output.note(`assay: stopped before the load began: there is nothing to report${where}`);
      output.result({ stopped: true, exitCode: EXIT.inconclusive });
      return EXIT.inconclusive;
    }
    return finish(result, options, output);
  },
};

/** Everything that can be wrong with what was typed is said before anything is started. */
function read(args: string[], options: Record<string, unknown>, context: VerbContext): LoadOptions {
  const given = (name: string): string | undefined => (options[name] === undefined ? undefined : String(options[name]));
  const [segment, chaos, target, duration] = ['segment', 'chaos', 'target', 'duration'].map(given);
  const baseline = given('baseline');
  const load: LoadOptions = {
    journey: oneArgument(args),
    profile: String(options['profile']),
    ...(duration === undefined ? {} : { seconds: readSeconds(duration) }),
    k6: findK6({ explicit: process.env['K6_BIN'], searchPath: process.env['PATH'] ?? '' }),
    outDir: String(options['out']),
    runId: createRandomIds().uuid(),
    ...(chaos === undefined ? {} : { chaos: loadScenario(findScenario(chaos)) }),
    ...(target === undefined ? {} : { target: loadTarget(target) }),
    ...(segment === undefined ? {} : { segment: readSegment(segment) }),
    replay: replayOf(args, options),
    environment: { ...process.env },
    onText: (text) => process.stderr.write(text),
    onProgress: progressOf(context),
    signal: context.interrupt.signal,
  };
  if (baseline !== undefined)
    readBaseline(baseline, {
      ...{ journey: load.journey, profile: load.profile },
      ...{ chaos: load.chaos?.name ?? null, target: load.target?.name ?? null },
    });
  return load;
}

function replayOf(args: string[], options: Record<string, unknown>): string {
  const kept = ['profile', 'duration', 'chaos', 'target', 'segment'].filter((name) => options[name] !== undefined);
  return ['node bin/assay.js load', ...args, ...kept.map((name) => `--${name} ${String(options[name])}`)].join(' ');
}

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

function readSeconds(text: string): number {
  const seconds = /^\d+(ms|s|m|h)$/.test(text) ? durationMs(text) / 1000 : 0;
  if (seconds >= 1) return seconds;
  throw new UserError(
    `--duration "${text}" is no time of at least a second`,
    'Give one such as 90s or 10m.',
    EXIT.usage,
  );
}

function readSegment(text: string): { part: number; parts: number } {
  const [part = 0, parts = 0] = text.split('/').map(Number);
  if (/^\d+\/\d+$/.test(text) && part >= 1 && part <= parts) return { part, parts };
  throw new UserError(`--segment "${text}" is no part of a whole`, 'Give i/n with 1 ≤ i ≤ n, such as 1/2.', EXIT.usage);
}
