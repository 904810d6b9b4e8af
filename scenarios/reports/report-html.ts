/**
 * report.html: the run on one self-contained page. Verdict first, then the contradiction, then
 * the evidence. `html-page.ts` inlines styles and scripts, so that nothing is loaded from anywhere.
 */
import type { RunModel } from '../history/index.ts';
import { coverageHtml } from './coverage-html.ts';
import { coverageTable } from './coverage-table.ts';
import { escapeXml as esc } from './escape.ts';
import { failureTexts } from './failure-block.ts';
import { htmlPage } from './html-page.ts';
import { failuresHtml, figuresHtml, heroHtml, invariantsHtml, questionsHtml, verdictWord } from './html-parts.ts';
import { latencyHtml } from './latency-html.ts';
import type { FaultBand } from './latency-html.ts';
import { moneyFlowHtml } from './money-flow-html.ts';
import { packTimeline } from './pack-timeline.ts';
import type { RunReport } from './report.ts';
import { timelineData } from './timeline-data.ts';
import type { TimelineData } from './timeline-data.ts';

export function reportHtml(report: RunReport, run: RunModel): string {
  const { judged } = report;
  const timeline = timelineData(run, judged);
  return htmlPage({
    title: `${verdictWord(judged.verdict)}: ${report.scenario} (seed ${report.seed})`,
    styles: ['report.css', 'drawings.css'],
    scripts: ['scale.js', 'totals.js', 'chart.js', 'page-tools.js', 'controls.js'],
    skip: ['timeline-section', 'the timeline'],
    top: `<b>Assay</b><span>${esc(report.scenario)}</span><span class="grow"></span><span class="run">seed ${esc(report.seed)} · ${report.driver}</span>`,
    main: `${heroHtml(report, run)}
${failuresHtml(run, failureTexts(report, run))}
${questionsHtml(report)}
${invariantsHtml(report)}
${timelineHtml(timeline)}
${moneyFlowHtml(run)}
${latencyHtml(run, bandsOf(timeline))}
${coverageHtml(report.coverage ?? coverageTable(report.events))}
${figuresHtml(report)}
<footer>Every event of this run is in history.ndjson beside this file; the verdict for machines is in verdict.json and junit.xml, the one for a pull request in verdict.md.</footer>`,
  });
}

/** Every window of every fault, for drawings that have no row per fault. */
function bandsOf({ faults }: TimelineData): FaultBand[] {
  return faults.flatMap(({ name, psp, windows }) =>
    windows.map(({ from, to }) => ({ from, to, name: psp === null ? name : `${name} at ${psp}` })),
  );
}

function timelineHtml(data: TimelineData): string {
  const { json, left } = packTimeline(data);
  const leftOut =
    left === 0
      ? ''
      : `<p class="note">${left} less telling events are not drawn, to keep this page small; history.ndjson has them.</p>`;
  return `<section id="timeline-section" aria-labelledby="timeline-title"><h2 id="timeline-title">Timeline</h2>
<noscript><p class="lede">The drawn timeline needs JavaScript; everything else on this page does not.</p></noscript>
<div class="controls"><label>Show <select id="payment"><option value="-1">all payments</option></select></label><span class="grow"></span>
<button type="button" id="squeeze" aria-pressed="true">Squeeze idle time</button><button type="button" id="zoom-out" aria-label="Zoom out">−</button><button type="button" id="zoom-in" aria-label="Zoom in">+</button><button type="button" id="fit">Fit</button></div>
<div class="chart" id="chart" tabindex="0" role="group" aria-label="Timeline of the run. Arrow keys move from event to event and from lane to lane, plus and minus zoom, zero shows everything." aria-describedby="selected"><svg id="timeline" role="img" aria-label="Events of the run in lanes: players, service, PSPs, webhooks, ledger"></svg><div class="tip" id="tip" hidden></div></div>
<p class="legend">
<span><svg viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="5" style="fill:var(--good)"/></svg>went well</span>
<span><svg viewBox="0 0 14 14" aria-hidden="true"><path d="M7 1l6 6-6 6-6-6z" style="fill:var(--bad)"/></svg>went wrong or was refused</span>
<span><svg viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="4.6" style="fill:none;stroke:var(--doubt);stroke-width:2"/></svg>open or doubtful</span>
<span><svg viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="3.4" style="fill:var(--faint)"/></svg>happened</span>
${legendOf(data)}
<span>Drag to zoom, double-click to see everything, click an event to read it.</span></p>
<div class="selected" id="selected" aria-live="polite"></div>
${leftOut}
<div class="events"><p class="note" id="event-count"></p><div class="scroll" tabindex="0" role="region" aria-label="Events in view"><table><caption class="visually-hidden">Events in view</caption><thead><tr><th scope="col">Time</th><th scope="col">Who</th><th scope="col">What</th></tr></thead><tbody id="event-rows"></tbody></table></div></div>
<script type="application/json" id="timeline-data">${json}</script></section>`;
}

/** Legend entries for what this run has: faults, and times when the target was down. */
function legendOf(data: TimelineData): string {
  const square = (style: string, words: string): string =>
    `<span><svg viewBox="0 0 14 14" aria-hidden="true"><rect width="14" height="14" rx="2" style="${style}"/></svg>${words}</span>`;
  const fault =
    data.faults.length === 0 ? '' : square('fill:var(--band);opacity:.26', 'fault at work, with a tick where it hit');
  return fault + (data.down.length === 0 ? '' : square('fill:url(#stripes)', 'service down'));
}
