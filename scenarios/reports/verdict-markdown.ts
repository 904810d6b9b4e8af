/**
 * verdict.md: a run for the comment of a pull request. The verdict and the plain sentences
 * first, then each contradiction with its timeline and the command that repeats it; what held is
 * folded away.
 */
import { buildRunModel } from '../history/index.ts';
import type { RunModel } from '../history/index.ts';
import { escapeMarkdown as md } from './escape.ts';
import { TOLD_PER_INVARIANT, openQuestions, timelineText } from './failure-block.ts';
import type { RunReport } from './report.ts';
import { runSummary } from './run-summary.ts';

const HEADS = { pass: '✅ Passed', fail: '❌ Violated', unknown: '❔ Inconclusive' } as const;
const MARKS = { pass: '✅', fail: '❌', unknown: '❔', 'not-applicable': '–' } as const;

export function verdictMarkdown(report: RunReport, run: RunModel = buildRunModel(report.events)): string {
  const { judged } = report;
  const lines = [
    `## ${HEADS[judged.verdict]}: ${md(report.scenario)} (${report.driver}, seed ${md(report.seed)})`,
    '',
    runSummary(report, run).map(md).join(' '),
    ...(report.without === undefined ? [] : ['', md(report.without)]),
    ...judged.invariants.filter(({ verdict }) => verdict === 'fail').flatMap((invariant) => failureOf(invariant, run)),
    ...questionsOf(report),
    '',
    'Reproduce with:',
    '',
    fenced([report.replay]),
    '',
    '<details><summary>All invariants</summary>',
    '',
    '| | invariant | checked | |',
    '| --- | --- | ---: | --- |',
    ...judged.invariants.map(
      ({ id, title, verdict, checked, reason, violations }) =>
        `| ${MARKS[verdict]} | ${id} ${md(title)} | ${checked} | ${verdict === 'fail' ? `${violations.length} violated` : md(reason ?? '')} |`,
    ),
    '',
    '</details>',
    '',
    `<sub>Assay ${md(report.version)} · fingerprint ${report.fingerprint.slice(0, 16)}</sub>`,
  ];
  return `${lines.join('\n')}\n`;
}

function failureOf(invariant: RunReport['judged']['invariants'][number], run: RunModel): string[] {
  const told = invariant.violations.slice(0, TOLD_PER_INVARIANT);
  const left = invariant.violations.length - told.length;
  return [
    '',
    `### ${invariant.id} ${md(invariant.title)}`,
    ...told.flatMap((violation) => [
      '',
      `**${md(violation.contradiction)}**`,
      '',
      `Cannot both be true: ${md(violation.facts[0])} | ${md(violation.facts[1])}`,
      '',
      fenced(timelineText(run, violation).map((line) => line.slice(2))),
    ]),
    ...(left > 0 ? ['', `${left} more in verdict.json.`] : []),
  ];
}

function questionsOf(report: RunReport): string[] {
  const questions = openQuestions(report);
  return questions.length === 0
    ? []
    : ['', '### What could not be seen', '', ...questions.map((text) => `- ${md(text)}`)];
}

/** A code block; its fence is longer than any run of backticks inside. */
function fenced(lines: readonly string[]): string {
  const text = lines.join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
