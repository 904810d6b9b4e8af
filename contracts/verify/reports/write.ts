/** The four files of a run: for a manager, for a build server, for a program, and the one that is mailed back. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { htmlReport } from './html.ts';
import { junitReport } from './junit.ts';
import type { Summary } from './summary.ts';

/** @returns paths by what they are */
export function writeReports(folder: string, summary: Summary): { html: string; conformance: string } {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  write('junit.xml', junitReport(summary));
  write('report.json', pretty(summary));
  return {
    html: write('report.html', htmlReport(summary)),
    conformance: write('conformance.json', pretty(conformanceOf(summary))),
  };
}

/** Verdicts, and hashes of everything that they are about: no answers of the sandbox, no addresses but the base URL. */
export function conformanceOf({
  partner,
  dialect,
  baseUrl,
  at,
  verdict,
  partial,
  counts,
  hashes,
  tool,
  stages,
}: Summary): object {
  const results = stages.flatMap((stage) => stage.results);
  const checks = results.map(({ id, finding, tolerated }) => [
    id,
    tolerated === undefined ? finding.verdict : `tolerated until ${tolerated.until}`,
  ]);
  return {
    format: 'assay-conformance/1',
    partner,
    dialect,
    base_url: baseUrl,
    at,
    verdict,
    partial,
    counts,
    hashes,
    tool,
    checks: Object.fromEntries(checks) as object,
  };
}

const pretty = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
