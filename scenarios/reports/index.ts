/** Door of the reports: verdict.json, junit.xml, verdict.md, report.html, the page over many runs, and the text for a terminal. */
import { buildRunModel } from '../history/index.ts';
import { failureTexts, openQuestions } from './failure-block.ts';
import { terminalPaint } from './paint.ts';
import type { RunReport } from './report.ts';

export type { CoverageTable, RunReport } from './report.ts';
export { reportHtml } from './report-html.ts';
export { junitXml } from './junit-xml.ts';
export { verdictJson } from './verdict-json.ts';
export type { VerdictJson } from './verdict-json.ts';
export { verdictTable } from './verdict-table.ts';
export { verdictMarkdown } from './verdict-markdown.ts';
export { readRunsIndex, writeRunsIndex } from './runs-index.ts';
export type { IndexedRun, RunsIndex } from './indexed-run.ts';
export { writeReports } from './write-reports.ts';
export type { ReportPaths } from './write-reports.ts';

/** Everything a terminal says about a run that did not pass; empty text for one that did. */
export function failureBlock(report: RunReport, options: { color?: boolean } = {}): string {
  const paint = terminalPaint(options.color ?? false);
  const blocks = failureTexts(report, buildRunModel(report.events), paint).map((block) => block.text);
  const questions = openQuestions(report);
  if (questions.length === 0) return blocks.join('\n\n');
  const open = [
    paint.doubt('INCONCLUSIVE'),
    ...questions.map((line) => `  ${line}`),
    ...(blocks.length > 0 ? [] : ['', `  Reproduce with: ${report.replay}`]),
  ];
  return [...blocks, open.join('\n')].join('\n\n');
}
export * from './dossier/index.ts';
