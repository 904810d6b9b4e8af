/** JUnit XML: a suite per stage. What is unknown is an error, what is tolerated is skipped. */
import type { Result } from '../check.ts';
import type { Summary } from './summary.ts';

export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    // Control characters are not allowed in XML at all.
    .replaceAll(/[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]/gu, '?');

export function junitReport({ partner, stages, counts }: Summary): string {
  const total = counts.pass + counts.fail + counts.unknown + counts.tolerated;
  const suites = stages.map(({ stage, results }) => {
    const number = (verdict: string): number =>
      results.filter((one) => one.tolerated === undefined && one.finding.verdict === verdict).length;
    const head = `<testsuite name="${stage}" tests="${results.length}" failures="${number('fail')}" errors="${number('unknown')}" skipped="${results.filter(({ tolerated }) => tolerated !== undefined).length}">`;
    return [`  ${head}`, ...results.map((result) => testCase(result)), '  </testsuite>'].join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${escapeXml(`contract of ${partner}`)}" tests="${total}" failures="${counts.fail}" errors="${counts.unknown}">
${suites.join('\n')}
</testsuites>
`;
}

function testCase({ id, stage, title, why, finding, ms, tolerated }: Result): string {
  const open = `    <testcase classname="${stage}" name="${escapeXml(`${id}: ${title}`)}" time="${(ms / 1000).toFixed(3)}"`;
  const inner = (): string => {
    if (tolerated !== undefined)
      return `<skipped message="${escapeXml(`tolerated until ${tolerated.until}: ${tolerated.reason}`)}"/>`;
    if (finding.verdict === 'unknown') return `<error message="${escapeXml(finding.reason)}"/>`;
    if (finding.verdict === 'pass') return '';
    const text = [`expected: ${finding.expected}`, `got: ${finding.got}`, `why: ${why}`, finding.curl ?? ''].join('\n');
    return `<failure message="${escapeXml(`expected ${finding.expected}`)}">${escapeXml(text)}</failure>`;
  };
  const content = inner();
  return content === '' ? `${open}/>` : `${open}>${content}</testcase>`;
}
