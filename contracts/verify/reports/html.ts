/** One self-contained page that a manager can open: the verdict first, then what failed and why it matters, then everything. */
import type { Result } from '../check.ts';
import { escapeXml as escape } from './junit.ts';
import type { Summary } from './summary.ts';

const SENTENCES = {
  pass: 'Every check passed: what our service needs is kept.',
  fail: 'Something that our service needs is not kept.',
  unknown: 'Nothing is known to be broken, but not everything could be looked at.',
} as const;

const STAGE_NAMES = {
  preflight: 'Before anything else',
  static: 'The documentation',
  calls: 'Calls',
  webhooks: 'Webhooks',
  vectors: 'Signature vectors',
  semantics: 'Repeated, simultaneous and wrong calls',
} as const;

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2024;background:#fff;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.verdict{padding:1rem;border-radius:8px;margin:1rem 0;border-left:8px solid}
.pass{border-color:#1a7f37;background:#eaf6ec}.fail{border-color:#b42318;background:#fdecea}.unknown,.tolerated{border-color:#9a6700;background:#fdf4dc}
.one{border-left-width:4px;border-left-style:solid;padding:.5rem .75rem;margin:.5rem 0;border-radius:4px}
.one p{margin:.25rem 0}code,pre{font:13px/1.45 ui-monospace,monospace}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f4f5f6;padding:.5rem;border-radius:4px}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #e3e5e8;vertical-align:top}
table{table-layout:fixed}td:first-child{width:6rem;font-weight:600}small{color:#5b6168}code{overflow-wrap:anywhere}
@media (prefers-color-scheme:dark){body{color:#e6e8ea;background:#15181b}.pass{background:#12301b}.fail{background:#3a1613}.unknown,.tolerated{background:#332a10}pre{background:#22262a}td,th{border-color:#30353a}small{color:#a3a9b0}}`;

/** What does not pass: the worst first. */
const ORDER = ['fail', 'unknown', 'tolerated'] as const;

export function htmlReport(summary: Summary): string {
  const { partner, dialectTitle, baseUrl, at, verdict, counts, partial, stages, hashes, tool } = summary;
  const results = stages.flatMap((stage) => stage.results);
  const troubles = ORDER.flatMap((word) => results.filter((result) => wordOf(result) === word));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escape(partner)}: contract ${verdict}</title><style>${STYLE}</style></head><body>
<h1>Contract of ${escape(partner)}</h1>
<small>${escape(dialectTitle)} at ${escape(baseUrl)}, ${escape(at)}</small>
<div class="verdict ${verdict}"><strong>${SENTENCES[verdict]}</strong><br>
${counts.pass} passed, ${counts.fail} failed, ${counts.unknown} unknown${counts.tolerated === 0 ? '' : `, ${counts.tolerated} tolerated for now`}.${partial ? ' Only a part of the checks was run.' : ''}</div>
${troubles.length === 0 ? '' : `<h2>What needs attention</h2>\n${troubles.map(trouble).join('\n')}`}
${stages.map(({ stage, results: list }) => `<h2>${STAGE_NAMES[stage]}</h2>\n<table>${list.map(row).join('\n')}</table>`).join('\n')}
<h2>What was verified against</h2>
<table>${Object.entries(hashes)
    .map(([name, hash]) => `<tr><td>${escape(name)}</td><td><code>${escape(hash)}</code></td></tr>`)
    .join('')}<tr><td>tool</td><td>${tool.name} ${escape(tool.version)}</td></tr></table>
</body></html>
`;
}

const wordOf = ({ finding, tolerated }: Result): string => (tolerated === undefined ? finding.verdict : 'tolerated');

function trouble(result: Result): string {
  const { id, title, why, finding, tolerated } = result;
  const found =
    finding.verdict === 'fail'
      ? `<p>Expected: <code>${escape(finding.expected)}</code></p><p>Got: <code>${escape(finding.got)}</code></p>`
      : `<p>${escape(finding.verdict === 'unknown' ? finding.reason : '')}</p>`;
  const curl =
    finding.verdict === 'fail' && finding.curl !== undefined
      ? `<details><summary>The call</summary><pre>${escape(finding.curl)}</pre></details>`
      : '';
  const until =
    tolerated === undefined ? '' : `<p>Tolerated until ${escape(tolerated.until)}: ${escape(tolerated.reason)}</p>`;
  return `<div class="one ${wordOf(result)}"><p><strong>${escape(title)}</strong> <small>${escape(id)}</small></p><p>${escape(why)}</p>${found}${until}${curl}</div>`;
}

function row(result: Result): string {
  return `<tr><td>${wordOf(result)}</td><td>${escape(result.title)}<br><small>${escape(result.id)}</small></td></tr>`;
}
