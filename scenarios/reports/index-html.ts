/**
 * index.html of a folder of runs: what the latest run of each scenario said, and every run with
 * a link to its report. Self-contained like a run's own page; filtering needs its small script,
 * reading does not.
 */
import { durationText } from '../history/index.ts';
import { escapeXml as esc } from './escape.ts';
import { htmlPage } from './html-page.ts';
import { verdictIcon, verdictWord } from './html-parts.ts';
import { complaintOf, notPassed } from './indexed-run.ts';
import type { IndexedRun, RunsIndex } from './indexed-run.ts';

/** More rows than this make a page slow; older runs are counted. */
const LISTED_RUNS = 2_000;

export function indexHtml(index: RunsIndex): string {
  const { latest, runs, unfinished } = index;
  const of = (verdict: string): number => latest.filter((run) => run.verdict.verdict === verdict).length;
  const overall = of('fail') > 0 ? 'fail' : of('unknown') > 0 ? 'unknown' : 'pass';
  const listed = runs.slice(0, LISTED_RUNS);
  const left = runs.length - listed.length;
  return htmlPage({
    title: `${verdictWord(overall)}: ${of('pass')} of ${latest.length} scenarios passed`,
    styles: ['report.css', 'drawings.css', 'runs.css'],
    scripts: ['page-tools.js', 'runs.js'],
    top: `<b>Assay</b><span>${runs.length} run${runs.length === 1 ? '' : 's'}</span>`,
    main: `<header class="hero ${overall}"><h1 class="verdict">${verdictIcon(overall)}${verdictWord(overall)}</h1>
<p class="lead">Of the latest run of each scenario and driver ${of('pass')} passed, ${of('fail')} ${of('fail') === 1 ? 'is' : 'are'} violated, ${of('unknown')} ${of('unknown') === 1 ? 'is' : 'are'} inconclusive.</p></header>
${attentionHtml(latest.filter((run) => run.verdict.verdict !== 'pass'))}
<section aria-labelledby="runs"><h2 id="runs">All runs</h2>
<div class="controls" id="filters" hidden><label>Find <input id="find" type="search" placeholder="scenario, seed, I5 …"></label><label>Show <select id="verdict"><option value="">every verdict</option><option value="fail">violated</option><option value="unknown">inconclusive</option><option value="pass">passed</option></select></label><label><input type="checkbox" id="latest"> latest only</label><span class="grow"></span><span class="note" id="shown"></span></div>
<table class="runs"><thead><tr><th scope="col">Verdict</th><th scope="col">Scenario</th><th scope="col">Driver</th><th scope="col">Seed</th><th scope="col">Payments</th><th scope="col">Covered</th><th scope="col">Took</th><th scope="col">Not passed</th><th scope="col">When</th></tr></thead>
<tbody id="rows">${listed.map((run) => rowOf(run, latest.includes(run))).join('\n')}</tbody></table>
${left > 0 ? `<p class="note">${left} older runs are not listed.</p>` : ''}
${
  unfinished.length > 0
    ? `<details><summary>${unfinished.length} without a verdict: killed, or still running</summary><ul class="reasons">${unfinished
        .slice(0, 100)
        .map((path) => `<li>${esc(path)}</li>`)
        .join('')}</ul></details>`
    : ''
}
</section>
<footer>Written by every run, and by <code>assay report</code> for a folder. The same for a pull request is in verdict.md.</footer>`,
  });
}

function attentionHtml(bad: readonly IndexedRun[]): string {
  if (bad.length === 0) return '';
  const cards = bad.map(
    (run) =>
      `<li class="${run.verdict.verdict}"><span class="badge ${run.verdict.verdict}">${verdictIcon(run.verdict.verdict)}${esc(notPassed(run.verdict).join(', '))}</span> <a href="${esc(linkOf(run))}">${esc(run.verdict.scenario)}</a> <span class="soft">${run.verdict.driver}, seed ${esc(run.verdict.seed)}</span><p>${esc(complaintOf(run.verdict))}</p></li>`,
  );
  return `<section aria-labelledby="attention"><h2 id="attention">Needs a look</h2><ul class="attention">${cards.join('\n')}</ul></section>`;
}

function rowOf(run: IndexedRun, latest: boolean): string {
  const { verdict: said } = run;
  const when = said.startedAt?.replace('T', ' ').replace(/\.\d+Z$/, '') ?? '';
  return `<tr data-verdict="${said.verdict}" data-latest="${latest}"><td><span class="badge ${said.verdict}">${verdictIcon(said.verdict)}${verdictWord(said.verdict).toLowerCase()}</span></td><td><a href="${esc(linkOf(run))}">${esc(said.scenario)}</a></td><td>${said.driver}</td><td>${esc(said.seed)}</td><td class="number">${said.counts.payments + said.counts.payouts}</td><td class="number">${durationText(said.virtualMs)}</td><td class="number">${durationText(said.wallMs)}</td><td>${esc(notPassed(said).join(', '))}</td><td class="when">${esc(when)}</td></tr>`;
}

function linkOf({ path }: IndexedRun): string {
  return [...path.split('/'), 'report.html'].map(encodeURIComponent).join('/');
}
