/** Writes a run's reports into its directory: verdict.json, junit.xml, verdict.md and report.html. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildRunModel } from '../history/index.ts';
import { junitXml } from './junit-xml.ts';
import type { RunReport } from './report.ts';
import { reportHtml } from './report-html.ts';
import { verdictJson } from './verdict-json.ts';
import { verdictMarkdown } from './verdict-markdown.ts';

export interface ReportPaths {
  verdict: string;
  junit: string;
  markdown: string;
  html: string;
}

/** Writes into an existing directory and returns the paths; throws what the file system throws. */
export function writeReports(runDir: string, report: RunReport): ReportPaths {
  const paths = {
    verdict: join(runDir, 'verdict.json'),
    junit: join(runDir, 'junit.xml'),
    markdown: join(runDir, 'verdict.md'),
    html: join(runDir, 'report.html'),
  };
  const run = buildRunModel(report.events);
  writeFileSync(paths.verdict, `${JSON.stringify(verdictJson(report), null, 2)}\n`);
  writeFileSync(paths.junit, junitXml(report, run));
  writeFileSync(paths.markdown, verdictMarkdown(report, run));
  writeFileSync(paths.html, reportHtml(report, run));
  return paths;
}
