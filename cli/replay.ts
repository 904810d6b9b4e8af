/**
 * `assay replay`: runs a recorded run again and compares the histories. In virtual time the same
 * seed must give the same history to the byte, so any difference is a finding of its own (exit
 * code 3), shown at the first event that differs. Over HTTP the real clock has its say: there
 * only the verdicts are compared.
 */
import { existsSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { diffHistories, UserError, type HistoryEvent } from '../kernel/index.ts';
import {
  failureBlock,
  loadScenario,
  parseToken,
  runOfToken,
  verdictTable,
  type RunResult,
} from '../scenarios/index.ts';
import { EXIT, worstExitCode } from './support/exit-codes.ts';
import { findScenario } from './support/find-scenario.ts';
import { oneArgument } from './support/options.ts';
import type { Output } from './support/output.ts';
import { readRecordedRun } from './support/recorded-run.ts';
import { carryOut, exitCodesOf, runForMachines, type PlannedRun } from './support/runs.ts';
import type { Verb } from './support/verb.ts';

interface Recording extends PlannedRun {
  /** The whole fingerprint, or its beginning; undefined when there is nothing to compare with. */
  fingerprint?: string;
  events?: readonly HistoryEvent[];
}

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Runs a recorded run again and compares the histories.')
      .argument(
        '<token-or-run-dir>',
        'a folder that `assay run` wrote, a scenario that `assay explore` wrote, or a token: <scenario>:<seed>[:<beginning of the fingerprint>]',
      )
      .option('--out <dir>', 'where the run directory goes', 'runs')
      .addHelpText(
        'after',
        `
Examples:
  assay replay runs/commit-then-timeout/latest
  assay replay commit-then-timeout:7:3fa9c1d2          the same on another machine
  assay replay gen2:42                                 a generated run
  assay replay gen2:42/3.0.12                          the same, made smaller by \`assay explore\`
  assay replay gen2:42:check-then-act                  the same with a bug of \`assay mutants\` planted
  assay replay scenarios/regressions/gen2-23.yaml      with the seed that stands in the file`,
      ),

  async execute(args, options, context) {
    const { output } = context;
    const recording = readRecording(oneArgument(args));
    const finished = await carryOut([recording], String(options['out']), context);
    const [result] = finished.results;
    const differs = result !== undefined && !sameHistory(recording, result);
    const exitCode = worstExitCode([...exitCodesOf(finished), ...(differs ? [EXIT.otherHistory] : [])]);
    if (result !== undefined) show(recording, result, differs, output);
    for (const { error } of finished.broken) output.say(`The run could not be carried out: ${error}`);
    output.result({
      ...(result === undefined ? {} : runForMachines(result)),
      sameHistory: result === undefined ? null : !differs,
      exitCode,
    });
    return exitCode;
  },
};

function readRecording(given: string): Recording {
  if (/\.ya?ml$/.test(given) && existsSync(given) && statSync(given).isFile()) {
    const scenario = loadScenario(given);
    const replay = `node bin/assay.js replay ${given}`;
    return { scenario, file: given, driver: 'virtual', seed: scenario.seed ?? '1', replay };
  }
  if (existsSync(given)) {
    const { scenario, driver, seed, token, fingerprint, events } = readRecordedRun(given);
    const run = token === undefined ? { scenario, driver, seed } : runOfToken(token);
    return { ...run, file: scenario.name, fingerprint, events };
  }
  const token = parseToken(given);
  if (token === null) {
    throw new UserError(
      `"${given}" is neither a run directory, nor a scenario file, nor a token`,
      'A token looks like commit-then-timeout:7:3fa9c1d2 (scenario, seed, beginning of the fingerprint) or gen2:42.',
    );
  }
  const { fingerprint } = token;
  const compared = fingerprint === undefined ? {} : { fingerprint };
  if (token.kind === 'generated') {
    const run = runOfToken(token);
    return { ...run, file: run.scenario.name, ...compared };
  }
  const file = findScenario(token.scenario);
  return { scenario: loadScenario(file), file, driver: token.driver, seed: token.seed, ...compared };
}

/** Real time never repeats itself, so over HTTP every history counts as the same. */
function sameHistory({ driver, fingerprint }: Recording, result: RunResult): boolean {
  return driver === 'http' || fingerprint === undefined || result.fingerprint.startsWith(fingerprint);
}

function show(recording: Recording, result: RunResult, differs: boolean, output: Output): void {
  const { color } = output;
  const block = failureBlock(result.report, { color });
  if (block !== '') output.say(block);
  output.say(verdictTable([result.report], { color }));
  if (recording.driver === 'http') {
    output.say('A run over HTTP has its own times: compared is the verdict, not the history.');
  } else if (differs) {
    output.say('Same seed, other history: something outside the seed decided.');
    output.say(`  fingerprint then ${recording.fingerprint ?? 'unknown'}, now ${result.fingerprint}`);
    if (recording.events !== undefined) showDifference(recording.events, result.history, output);
  } else {
    output.say(
      recording.fingerprint === undefined
        ? `Fingerprint ${result.fingerprint}`
        : 'The history is the same, event for event.',
    );
  }
}

/** The first event that differs, and on each side what led to it. */
function showDifference(then: readonly HistoryEvent[], now: readonly HistoryEvent[], output: Output): void {
  const difference = diffHistories(then, now);
  if (difference === undefined) return;
  for (const [when, chain] of [
    ['then', difference.leftChain],
    ['now', difference.rightChain],
  ] as const) {
    output.say(`  ${when}: ${chain.length === 0 ? 'the history had ended' : ''}`);
    for (const event of chain)
      output.say(
        `    #${event.i} at ${event.t} ms  ${event.proc} ${event.type} ${event.f} ${event.key ?? ''} ${JSON.stringify(event.value ?? {})}`,
      );
  }
}
