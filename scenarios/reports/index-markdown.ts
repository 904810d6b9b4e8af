/** verdict.md of a folder of runs: the latest run of each scenario as a table for a pull request. */
import { durationText } from '../history/index.ts';
import { escapeMarkdown as md } from './escape.ts';
import { complaintOf, notPassed } from './indexed-run.ts';
import type { RunsIndex } from './indexed-run.ts';

const MARKS = { pass: '✅', fail: '❌', unknown: '❔' } as const;

export function indexMarkdown({ latest, runs, unfinished }: RunsIndex): string {
  const of = (verdict: string): number => latest.filter((run) => run.verdict.verdict === verdict).length;
  const bad = latest.filter((run) => run.verdict.verdict !== 'pass');
  const head = of('fail') > 0 ? '❌ Violated' : of('unknown') > 0 ? '❔ Inconclusive' : '✅ Passed';
  const lines = [
    `## ${head}: ${of('pass')} passed, ${of('fail')} violated, ${of('unknown')} inconclusive`,
    '',
    `The latest run of each scenario and driver, of ${runs.length} in all.`,
    ...bad.flatMap(({ verdict }) => [
      '',
      `### ${MARKS[verdict.verdict]} ${md(verdict.scenario)} (${verdict.driver}, seed ${md(verdict.seed)}): ${notPassed(verdict).join(', ')}`,
      '',
      md(complaintOf(verdict)),
      '',
      `    ${verdict.replay}`,
    ]),
    '',
    '<details><summary>All scenarios</summary>',
    '',
    '| | scenario | driver | seed | covered | not passed |',
    '| --- | --- | --- | --- | ---: | --- |',
    ...latest.map(
      ({ verdict }) =>
        `| ${MARKS[verdict.verdict]} | ${md(verdict.scenario)} | ${verdict.driver} | ${md(verdict.seed)} | ${durationText(verdict.virtualMs)} | ${notPassed(verdict).join(', ')} |`,
    ),
    '',
    '</details>',
    ...(unfinished.length === 0 ? [] : ['', `${unfinished.length} directories hold a history without a verdict.`]),
  ];
  return `${lines.join('\n')}\n`;
}
