/**
 * `assay load`: one journey under load. k6 drives simulator and service as `assay up` starts
 * them; afterwards the books of the PSPs and the ledger must agree, because a fast deposit that
 * lost money is no success.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { createRandomIds, createRealClock, isoTime } from '../kernel/index.ts';
import { findK6, journeys, profiles, runLoad, type LoadResult } from '../load/index.ts';
import { EXIT } from './support/exit-codes.ts';
import { oneArgument } from './support/options.ts';
import type { Output } from './support/output.ts';
import { shortPath } from './support/runs.ts';
import type { Verb } from './support/verb.ts';

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Measures a journey under load with k6, and checks the money afterwards.')
      .argument('<journey>', `one of: ${journeys().join(', ')}`)
      .option('--profile <name>', `how much load: ${profiles().join(', ')}`, 'smoke')
      .option('--out <dir>', 'where the reports go', 'runs')
      .addHelpText(
        'after',
        '\nExamples:\n  assay load deposit --profile smoke\n  K6_BIN=/opt/k6/k6 assay load deposit        a k6 of yours',
      ),

  async execute(args, options, { output, interrupt }) {
    const journey = oneArgument(args);
    const profile = String(options['profile']);
    const k6 = findK6({ explicit: process.env['K6_BIN'], searchPath: process.env['PATH'] ?? '' });
    const stamp = isoTime(createRealClock().now())
      .replace(/\.\d+Z$/, 'Z')
      .replaceAll(':', '');
    try {
      const result = await runLoad({
        journey,
        profile,
        k6,
        outDir: join(String(options['out']), `load-${journey}`, `${stamp}-${profile}`),
        runId: createRandomIds().uuid(),
        environment: { ...process.env },
        showProgress: process.stderr.isTTY === true,
        onText: (text) => process.stderr.write(text),
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

function show(result: LoadResult, output: Output): void {
  const { deposits, money, outDir, missedThresholds } = result;
  output.say(
    `deposits started ${deposits.started}, credited within the budget ${(deposits.creditedRate * 100).toFixed(2)} %`,
  );
  output.say(
    `p95 from init to credited wallet: ${Math.round(deposits.p95ObservedMs)} ms as the client sees it, ${Math.round(deposits.p95ServerMs)} ms by the service`,
  );
  output.say(
    `money: ${money.agrees ? 'the books of the PSPs and the ledger agree' : 'the books of the PSPs and the ledger DISAGREE'}`,
  );
  for (const difference of money.differences) output.say(`  ${difference}`);
  for (const missed of missedThresholds) output.say(`threshold missed: ${missed}`);
  output.say(`verdict: ${result.verdict}   reports: ${shortPath(outDir)}`);
  output.result(result);
}
