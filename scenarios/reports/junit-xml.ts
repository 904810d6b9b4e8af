/**
 * junit.xml: one test suite per run, one test case per invariant, so that any CI shows which
 * property broke. Violated is `failure`, unknown is `error` (never green), not applicable is
 * `skipped`.
 */
import type { RunModel } from '../history/index.ts';
import type { JudgedInvariant } from '../invariants/index.ts';
import { escapeXml } from './escape.ts';
import { failureTexts } from './failure-block.ts';
import type { RunReport } from './report.ts';

export function junitXml(report: RunReport, run?: RunModel): string {
  const { judged } = report;
  const blocks = new Map(failureTexts(report, run).map((block) => [block.invariant.id, block.text]));
  const unmet = judged.expectations.filter((expectation) => !expectation.met);
  const count = (verdict: JudgedInvariant['verdict']): number =>
    judged.invariants.filter((invariant) => invariant.verdict === verdict).length;
  const cases = judged.invariants.map((invariant) => caseOf(report, invariant, blocks.get(invariant.id) ?? ''));
  const expected = judged.expectations.map((expectation) => {
    const open = `    <testcase classname="${escapeXml(report.scenario)}" name="expected: ${escapeXml(expectation.text)}" time="0"`;
    return expectation.met
      ? `${open}/>`
      : `${open}><error type="unknown" message="not seen: ${escapeXml(expectation.text)}"/></testcase>`;
  });
  const numbers = [
    `tests="${judged.invariants.length + judged.expectations.length}"`,
    `failures="${count('fail')}"`,
    `errors="${count('unknown') + unmet.length}"`,
    `skipped="${count('not-applicable')}"`,
    `time="${(report.wallMs / 1000).toFixed(3)}"`,
  ].join(' ');
  const stamp = report.startedAt === undefined ? '' : ` timestamp="${escapeXml(report.startedAt)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="assay" ${numbers}>`,
    `  <testsuite name="${escapeXml(`${report.scenario} (${report.driver}, seed ${report.seed})`)}" ${numbers}${stamp}>`,
    '    <properties>',
    ...Object.entries({
      seed: report.seed,
      driver: report.driver,
      fingerprint: report.fingerprint,
      replay: report.replay,
    }).map(([name, value]) => `      <property name="${name}" value="${escapeXml(value)}"/>`),
    '    </properties>',
    ...cases,
    ...expected,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf(report: RunReport, invariant: JudgedInvariant, block: string): string {
  const open = `    <testcase classname="${escapeXml(report.scenario)}" name="${escapeXml(`${invariant.id} ${invariant.title}`)}" time="0"`;
  if (invariant.verdict === 'pass') return `${open}/>`;
  if (invariant.verdict === 'fail') {
    const message = invariant.violations[0]?.contradiction ?? invariant.says;
    return `${open}><failure type="violated" message="${escapeXml(message)}">${escapeXml(block)}</failure></testcase>`;
  }
  const reason = escapeXml(invariant.reason ?? 'unknown');
  if (invariant.verdict === 'unknown') return `${open}><error type="unknown" message="${reason}"/></testcase>`;
  return `${open}><skipped message="${reason}"/></testcase>`;
}
