/** Writes what a load run found beside the evidence of its run: load.json, load.html, load-junit.xml. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { escaped } from './escaped.ts';
import { loadHtml } from './page.ts';
import type { LoadResult } from '../result.ts';

export function writeLoadReports(result: LoadResult): void {
  mkdirSync(result.outDir, { recursive: true });
  writeFileSync(join(result.outDir, 'load.json'), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(result.outDir, 'load.html'), loadHtml(result));
  writeFileSync(join(result.outDir, 'load-junit.xml'), loadJunit(result));
}

/** One test case per judged invariant, one for the thresholds. */
export function loadJunit(result: LoadResult): string {
  const cases = result.invariants
    .filter(({ verdict }) => verdict !== 'not-applicable')
    .map(({ id, title, verdict, violations, reason }) => {
      const inside =
        verdict === 'fail'
          ? `<failure message="${violations} violations"/>`
          : verdict === 'unknown'
            ? `<error message="${escaped(reason)}"/>`
            : '';
      return { name: `${id} ${title}`, inside };
    });
  const missed = result.missedThresholds.map((one) => `<failure message="${escaped(one)}"/>`).join('');
  const all = [...cases, { name: 'thresholds', inside: missed }];
  const count = (word: string): number => all.filter(({ inside }) => inside.includes(`<${word}`)).length;
  const name = escaped(`load ${result.journey} ${result.profile}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${name}" tests="${all.length}" failures="${count('failure')}" errors="${count('error')}">`,
    ...all.map((one) => `  <testcase classname="${name}" name="${escaped(one.name)}">${one.inside}</testcase>`),
    '</testsuite>',
    '',
  ].join('\n');
}
