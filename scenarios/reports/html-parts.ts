/**
 * The static parts of report.html: verdict, failures, invariants, figures. Plain markup that
 * reads well without a script; the timeline is added by `report-html.ts`.
 */
import { durationText, valueOf } from '../history/index.ts';
import type { RunModel, TargetNote } from '../history/index.ts';
import type { JudgedInvariant, Violation } from '../invariants/index.ts';
import { escapeXml as esc } from './escape.ts';
import { TOLD_PER_INVARIANT, openQuestions } from './failure-block.ts';
import type { FailureText } from './failure-block.ts';
import { minimalTimeline } from './minimal-timeline.ts';
import type { RunReport } from './report.ts';
import { runSummary } from './run-summary.ts';

const WORDS = { pass: 'Passed', fail: 'Violated', unknown: 'Inconclusive' } as const;
const BADGES = { pass: 'holds', fail: 'violated', unknown: 'unknown', 'not-applicable': 'not applicable' } as const;

const ICONS: Readonly<Record<JudgedInvariant['verdict'], string>> = {
  pass: '<path d="M3 8.6 6.4 12 13 4.6" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/>',
  fail: '<path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"/>',
  unknown:
    '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3.2 2.6"/><circle cx="8" cy="8" r="1.6" fill="currentColor"/>',
  'not-applicable': '<path d="M4 8h8" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>',
};

export function verdictWord(verdict: keyof typeof WORDS): string {
  return WORDS[verdict];
}

/** The sign of a verdict, in the colour of the text around it. */
export function verdictIcon(verdict: JudgedInvariant['verdict']): string {
  return `<svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[verdict]}</svg>`;
}

/** The verdict in one word, and what it rests on in one sentence. */
export function heroHtml(report: RunReport, run: RunModel): string {
  const { judged } = report;
  const { lead, more } = leadOf(report);
  const about = report.description === undefined ? '' : `<p>${esc(report.description.trim())}</p>`;
  const without = report.without === undefined ? '' : `<p><strong>${esc(report.without)}</strong></p>`;
  return `<header class="hero ${judged.verdict}">
<h1 class="verdict">${verdictIcon(judged.verdict)}${WORDS[judged.verdict]}</h1>
<p class="lead">${esc(lead)}</p>
${more === '' ? '' : `<p class="more">${esc(more)}</p>`}
<div class="command"><code id="replay">${esc(report.replay)}</code><button type="button" data-copy="replay" hidden>Copy</button></div>
<div class="about"><h2>${esc(report.title)}</h2>${about}${without}</div>
<div class="summary">${runSummary(report, run)
    .map((sentence) => `<p>${esc(sentence)}</p>`)
    .join('')}</div>
</header>`;
}

function leadOf(report: RunReport): { lead: string; more: string } {
  const { judged } = report;
  const held = judged.invariants.filter((invariant) => invariant.verdict === 'pass').length;
  const failed = judged.invariants.filter((invariant) => invariant.verdict === 'fail');
  if (judged.verdict === 'fail') {
    const [first, ...others] = failed.flatMap((invariant) => invariant.violations);
    const names = failed.map((invariant) => `${invariant.id} ${invariant.title.toLowerCase()}`).join(', ');
    const also = others.length === 0 ? '' : ` The run has ${others.length + 1} violations.`;
    return { lead: first?.contradiction ?? 'An invariant is violated.', more: `Broken: ${names}.${also}` };
  }
  const seen = `${whatRan(report)}, covering ${durationText(judged.virtualMs)}${faultWords(report)}`;
  if (judged.verdict === 'unknown') {
    const [first = 'nothing was put to the test.', ...others] = openQuestions(report);
    const more = others.length === 0 ? '' : ` and ${others.length} more such question${others.length === 1 ? '' : 's'}`;
    return {
      lead: `Nothing is violated, but the run does not prove it: ${lowerFirst(first)}`,
      more: `${seen}${more}.`,
    };
  }
  return { lead: `${seen}: all ${held} invariants that were put to the test hold.`, more: '' };
}

function lowerFirst(text: string): string {
  return text.startsWith('Not seen') ? `n${text.slice(1)}` : text;
}

function whatRan({ judged: { counts } }: RunReport): string {
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  const parts = [
    ...(counts.payments > 0 ? [count(counts.payments, 'deposit')] : []),
    ...(counts.payouts > 0 ? [count(counts.payouts, 'payout')] : []),
  ];
  return parts.length === 0 ? 'No payments' : parts.join(' and ');
}

/** What the run had to stand: faults that hit, and kills of the target. */
function faultWords({ judged: { counts }, events }: RunReport): string {
  const hits = Object.values(counts.faults_hit).reduce((sum, n) => sum + n, 0);
  const kills = events.filter((event) => event.f === 'target' && valueOf<TargetNote>(event).event === 'killed').length;
  const stood = [
    ...(hits > 0 ? [`${hits} fault${hits === 1 ? '' : 's'}`] : []),
    ...(kills > 0 ? [`${kills} kill${kills === 1 ? '' : 's'} of the service`] : []),
  ];
  return stood.length === 0 ? ' without faults' : ` under ${stood.join(' and ')}`;
}

/** One card per violated invariant. */
export function failuresHtml(run: RunModel, failures: readonly FailureText[]): string {
  if (failures.length === 0) return '';
  const cards = failures.map(({ invariant, text }) => {
    const told = invariant.violations.slice(0, TOLD_PER_INVARIANT);
    const left = invariant.violations.length - told.length;
    return `<article class="failure" aria-labelledby="failure-${invariant.id}">
<h3 id="failure-${invariant.id}">${invariant.id} ${esc(invariant.title)} <span>${esc(invariant.says)}</span></h3>
${told.map((violation, n) => violationHtml(run, violation, n === 0)).join('\n')}
${left > 0 ? `<p class="note">${left} more violation${left === 1 ? '' : 's'} of this invariant in verdict.json.</p>` : ''}
<details><summary>As plain text</summary><pre>${esc(text)}</pre></details>
</article>`;
  });
  return `<section aria-labelledby="failures"><h2 id="failures">What went wrong</h2>${cards.join('\n')}</section>`;
}

function violationHtml(run: RunModel, violation: Violation, first: boolean): string {
  const lines = minimalTimeline(run, violation);
  const items = lines.map(
    (line) =>
      `<li${line.witness ? ' class="witness"' : ''}><span class="mark">${line.witness ? '<span aria-hidden="true">▸</span><span class="visually-hidden">witness:</span>' : ''}</span><time>${line.time}</time><span class="who">${esc(line.who)}</span><span class="what">${esc(line.text)}</span></li>`,
  );
  const show = {
    payment: violation.payment ?? null,
    from: lines[0]?.t ?? 0,
    to: lines.at(-1)?.t ?? 0,
    witness: violation.witnesses[0] ?? -1,
  };
  const button = `<div class="tools"><button type="button" data-show="${esc(JSON.stringify(show))}" hidden>Show in the timeline</button></div>`;
  const story = `<ol class="story">${items.join('')}</ol>${button}`;
  const sentence = esc(violation.contradiction);
  // The first story is told at once; the others wait behind their sentence.
  const facts = factsHtml(violation);
  if (first) return `<p class="contradiction">${sentence}</p>${facts}${story}`;
  return `<details class="other"><summary>${sentence}</summary>${facts}${story}</details>`;
}

/** The two statements that cannot both be true, side by side. */
function factsHtml({ facts: [one, other] }: Violation): string {
  return `<dl class="facts-two"><dt>These cannot both be true</dt><dd>${esc(one)}</dd><dd class="against" aria-hidden="true">≠</dd><dd>${esc(other)}</dd></dl>`;
}

/** Why the run is not a pass although nothing is violated. */
export function questionsHtml(report: RunReport): string {
  const questions = openQuestions(report);
  if (questions.length === 0) return '';
  const items = questions.map((question) => `<li>${esc(question)}</li>`);
  return `<section aria-labelledby="questions"><h2 id="questions">What could not be seen</h2><ul class="questions">${items.join('')}</ul></section>`;
}

/** Every invariant with its verdict, those that broke first. */
export function invariantsHtml(report: RunReport): string {
  const rank = { fail: 0, unknown: 1, pass: 2, 'not-applicable': 3 } as const;
  const rows = [...report.judged.invariants]
    .sort((a, b) => rank[a.verdict] - rank[b.verdict])
    .map((invariant) => {
      const says = invariant.verdict === 'not-applicable' ? '' : `<span class="says">${esc(invariant.says)}</span>`;
      return `<tr class="${invariant.verdict}"><td><span class="badge ${invariant.verdict}">${verdictIcon(invariant.verdict)}${BADGES[invariant.verdict]}</span></td><td class="title"><b>${invariant.id}</b> ${esc(invariant.title)}${says}</td><td class="evidence">${esc(evidenceOf(invariant))}</td></tr>`;
    });
  const expected = report.judged.expectations.map((expectation) => {
    const verdict = expectation.met ? 'pass' : 'unknown';
    return `<li class="${verdict}"><span class="badge ${verdict}">${verdictIcon(verdict)}${expectation.met ? 'seen' : 'not seen'}</span> ${esc(expectation.text)}</li>`;
  });
  const expectations =
    expected.length === 0 ? '' : `<h3>Expected of this run</h3><ul class="expected">${expected.join('')}</ul>`;
  return `<section aria-labelledby="invariants"><h2 id="invariants">Invariants</h2>
<table class="invariants"><thead><tr><th scope="col">Verdict</th><th scope="col">Property</th><th scope="col">Evidence</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>${expectations}</section>`;
}

function evidenceOf(invariant: JudgedInvariant): string {
  const count = invariant.violations.length;
  if (count > 0) return `${count} violation${count === 1 ? '' : 's'}, ${invariant.checked} checked`;
  return invariant.reason ?? `${invariant.checked} checked`;
}

/** What ran, in numbers, and everything needed to run it again. */
export function figuresHtml(report: RunReport): string {
  const { judged } = report;
  const { counts } = judged;
  const figures: [string, string][] = [
    ['Deposits', String(counts.payments)],
    ['Payouts', String(counts.payouts)],
    ['Requests to PSPs', String(counts.exchanges)],
    ['Webhook deliveries', String(counts.deliveries)],
    ['Events recorded', String(counts.events)],
    ['Scenario time', durationText(judged.virtualMs)],
    ['Wall time', durationText(report.wallMs)],
  ];
  const faults = Object.entries(counts.faults_hit).map(([name, hits]) => `${name} ×${hits}`);
  const facts: [string, string][] = [
    ['Faults that hit', faults.join(', ') || 'none'],
    ...(report.settings ?? []).map(([label, text]): [string, string] => [label, text]),
    ['Driver', report.driver],
    ['Seed', report.seed],
    ['Fingerprint', report.fingerprint],
    ...(report.startedAt === undefined ? [] : [['Started', report.startedAt] as [string, string]]),
    ['Assay', report.version],
  ];
  return `<section aria-labelledby="run"><h2 id="run">The run</h2>
<dl class="figures">${figures.map(([name, value]) => `<div><dt>${name}</dt><dd>${esc(value)}</dd></div>`).join('')}</dl>
<dl class="facts">${facts.map(([name, value]) => `<dt>${esc(name)}</dt><dd>${name === 'Fingerprint' ? `<code>${esc(value)}</code>` : esc(value)}</dd>`).join('')}</dl></section>`;
}
