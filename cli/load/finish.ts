/** After a load run: the baseline, the reports, and what a person reads first. */
import { join } from 'node:path';
import {
  compare,
  headline,
  kneeText,
  readBaseline,
  rowsOf,
  saveBaseline,
  simulatorCost,
  withComparison,
  writeLoadReports,
  type Comparison,
  type LoadResult,
} from '../../load/index.ts';
import type { Output } from '../support/output.ts';
import { shortPath } from '../support/runs.ts';

/** Writes and shows all of it; answers with the exit code. */
export function finish(measured: LoadResult, options: Record<string, unknown>, output: Output): number {
  const { baseline, saveBaseline: save } = options;
  const result =
    baseline === undefined
      ? measured
      : withComparison(measured, compare(readBaseline(String(baseline), measured), measured));
  writeLoadReports(result);
  show(result, output);
  if (save !== undefined && !result.stopped)
    output.say(`baseline stored: ${shortPath(saveBaseline(String(save), result))}`);
  output.result(result);
  return result.exitCode;
}

const ms = (value: number | null): string => `${value === null ? '–' : Math.round(value)} ms`;

function show(result: LoadResult, output: Output): void {
  for (const row of rowsOf(result.measurement)) {
    output.say(
      `${row.what}: ${row.done} of ${row.started} in the budget, p50 ${ms(row.p50)}, p95 ${ms(row.p95)}, p99 ${ms(row.p99)}`,
    );
    if (row.serverP95 !== null)
      output.say(
        `  by the service p95 ${ms(row.serverP95)}, of it at the PSP ${ms(row.pspP95)}, its own ${ms(row.ownP95)}`,
      );
  }
  const cost = simulatorCost(result.measurement);
  if (cost !== null)
    output.say(`the simulation itself cost p50 ${cost.p50.toFixed(1)} ms, p95 ${cost.p95.toFixed(1)} ms per operation`);
  if (result.knee !== null) output.say(kneeText(result.knee));
  if (result.comparison !== null) showComparison(result.comparison, output);
  for (const { id, title, verdict, reason } of result.invariants)
    if (verdict === 'fail' || verdict === 'unknown') output.say(`${verdict}: ${id} ${title} ${reason}`);
  for (const missed of result.missedThresholds) output.say(`threshold missed: ${missed}`);
  output.say(headline(result));
  output.say(`verdict: ${result.verdict}   reports: ${shortPath(join(result.outDir, 'load.html'))}`);
}

function showComparison(comparison: Comparison, output: Output): void {
  if ('notCompared' in comparison) output.say(`not compared with ${comparison.file}: ${comparison.notCompared}`);
  else
    for (const { what, before, now, slower } of comparison.compared)
      output.say(`${what}: p95 ${ms(before)} in the baseline, now ${ms(now)}${slower ? ': slower' : ''}`);
}
