/** What a person reads when exploring has ended: failures with their blocks, doubts, coverage, numbers. */
import type { ExploreReport } from '../../scenarios/index.ts';
import type { Output } from './output.ts';

/** More gaps than this are a number; all of them are in the JSON. */
const MOST_GAPS = 12;

/** @param files of the shrunk scenarios, in their order. */
export function showExploration(report: ExploreReport, files: readonly string[], output: Output): void {
  const { runs, passed, failed, inconclusive, broken, otherHistories, shrunk, coverage, stopped } = report;
  shrunk.forEach(({ block, token }, index) => {
    output.say(block.trimEnd());
    output.say(`  Scenario: ${files[index] ?? ''}`);
    output.say(`  Token:    ${token}`);
    output.say('');
  });
  for (const { token, by, reason } of failed) output.say(`violated  ${token}  ${by.join(', ')}: ${reason ?? ''}`);
  for (const { token, by, reason } of inconclusive) output.say(`unknown   ${token}  ${by.join(', ')}: ${reason ?? ''}`);
  for (const { token, reason } of broken) output.say(`broken    ${token}  ${reason ?? ''}`);
  for (const { token, difference } of otherHistories) {
    output.say(`other history  ${token}`);
    for (const line of difference?.first ?? []) output.say(`  first:  ${line}`);
    for (const line of difference?.second ?? []) output.say(`  second: ${line}`);
  }
  const gaps = coverage.neverExercised;
  output.say(
    `Coverage: ${coverage.exercised} of ${coverage.feasible} reachable cells of state × fault were exercised.`,
  );
  if (gaps.length > 0) {
    const shown = gaps.slice(0, MOST_GAPS).join(', ');
    output.say(`  never: ${shown}${gaps.length > MOST_GAPS ? `, and ${gaps.length - MOST_GAPS} more` : ''}`);
  }
  for (const { met, says } of coverage.goals) if (!met) output.say(`  never: ${says}`);
  output.say(
    `${passed} of ${runs} runs passed, ${failed.length} violated, ${inconclusive.length} without a verdict; ${report.virtualHours} virtual hours, ${report.runsPerSecond} runs per second, ${Math.round(report.wallMs / 1_000)} s.`,
  );
  if (stopped) output.say('Stopped before the end.');
}
