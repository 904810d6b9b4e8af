/** dossier.html: the dossier for people. Verdict, parts, what is unknown and why, hashes; one self-contained page. */
import { durationText } from '../../history/index.ts';
import { escapeXml as esc } from '../escape.ts';
import { htmlPage } from '../html-page.ts';
import { verdictIcon, verdictWord } from '../html-parts.ts';
import type { Dossier, DossierPart, PartVerdict } from './dossier.ts';

const BADGES = { pass: 'passed', fail: 'failed', unknown: 'unknown', 'left-out': 'left out' } as const;

export function dossierHtml(dossier: Dossier): string {
  const { verdict, target, scope, made } = dossier;
  return htmlPage({
    title: `${verdictWord(verdict)}: dossier of ${target.name}`,
    styles: ['report.css', 'drawings.css', 'runs.css'],
    scripts: ['page-tools.js', 'dossier.js'],
    top: `<b>Assay</b><span>${scope === 'full' ? 'go-live dossier' : 'smoke, not a go-live dossier'}</span>`,
    main: `<header class="hero ${verdict}"><h1 class="verdict">${verdictIcon(verdict)}${verdictWord(verdict)}</h1>
<p class="lead">${esc(leadOf(dossier))}</p>
<p class="more">Made ${esc(made.at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'))} in ${durationText(made.wallMs)}, seed ${esc(made.seed)}. It covers what the simulator simulates and the scenarios try; it is not a certificate of a PSP.</p></header>
${partsHtml(dossier.parts)}
${unknownHtml(dossier)}
${figuresHtml(dossier)}
${runsHtml(dossier.parts)}
${hashesHtml(dossier)}`,
  });
}

function leadOf({ verdict, target, parts }: Dossier): string {
  const named = (wanted: PartVerdict): string =>
    parts
      .filter((part) => part.verdict === wanted)
      .map((part) => part.title.toLowerCase())
      .join(', ');
  if (verdict === 'fail') return `Not ready: ${target.name} failed in ${named('fail')}.`;
  if (verdict === 'unknown')
    return `Nothing speaks against ${target.name}, but not everything is known: ${named('unknown')}.`;
  return `Everything that was asked of ${target.name} held.`;
}

function badge(verdict: PartVerdict): string {
  const look = verdict === 'left-out' ? 'not-applicable' : verdict;
  return `<span class="badge ${look}">${verdictIcon(look)}${BADGES[verdict]}</span>`;
}

function partsHtml(parts: readonly DossierPart[]): string {
  const rows = parts.map((part) => {
    const figures = part.figures.map(([label, text]) => `${label} ${text}`).join(' · ');
    const look = part.verdict === 'left-out' ? 'not-applicable' : part.verdict;
    return `<tr class="${look}"><td>${badge(part.verdict)}</td><td class="title"><b>${esc(part.title)}</b><span class="says">${esc(part.says)}</span>${figures === '' ? '' : `<span class="says">${esc(figures)}</span>`}</td><td class="evidence">${part.command.length === 0 ? '' : `<code>assay ${esc(part.command.join(' '))}</code>`}</td></tr>`;
  });
  return `<section aria-labelledby="parts"><h2 id="parts">What was tried</h2><table class="invariants"><thead><tr><th scope="col">Verdict</th><th scope="col">Part</th><th scope="col">Command</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></section>`;
}

function unknownHtml({ unknown }: Dossier): string {
  if (unknown.length === 0) return '';
  const items = unknown.map(({ what, why }) => `<li><b>${esc(what)}</b>: ${esc(why)}</li>`);
  return `<section aria-labelledby="unknown"><h2 id="unknown">What is not known, and why</h2><ul class="questions">${items.join('')}</ul></section>`;
}

function figuresHtml({ coverage, p95, versions, made, target }: Dossier): string {
  const figures: [string, string][] = [
    ['p95, request to credited wallet', p95 === null ? 'not measured' : `${Math.round(p95.observedMs)} ms`],
    ['Deposits under load', p95 === null ? '–' : String(p95.deposits)],
    ['Cells of states and faults', coverage === null ? 'not counted' : `${coverage.exercised} of ${coverage.feasible}`],
  ];
  const changed =
    versions.changedFiles === null
      ? ''
      : versions.changedFiles === 0
        ? ''
        : `, ${versions.changedFiles} files changed since`;
  const facts: [string, string][] = [
    [
      'Target',
      target.file === null ? target.name : `${target.name} (${target.file}, ${target.sha256?.slice(0, 12) ?? ''})`,
    ],
    ['Assay', versions.assay],
    ['Commit', versions.commit === null ? 'not a checkout' : `${versions.commit}${changed}`],
    ['Node', `${versions.node} on ${versions.platform}`],
    ['Seeds', made.seeds.join(', ')],
  ];
  const never =
    coverage === null || coverage.neverExercised.length === 0
      ? ''
      : `<details><summary>${coverage.neverExercised.length} cells were never exercised</summary><ul class="reasons">${coverage.neverExercised.map((cell) => `<li>${esc(cell)}</li>`).join('')}</ul></details>`;
  return `<section aria-labelledby="figures"><h2 id="figures">In numbers</h2><dl class="figures">${figures.map(([name, value]) => `<div><dt>${name}</dt><dd>${esc(value)}</dd></div>`).join('')}</dl>
<dl class="facts">${facts.map(([name, value]) => `<dt>${name}</dt><dd>${esc(value)}</dd>`).join('')}</dl>${never}</section>`;
}

function runsHtml(parts: readonly DossierPart[]): string {
  const rows = parts
    .flatMap(({ runs }) => runs)
    .map((run) => {
      const look = run.verdict === 'pass' || run.verdict === 'fail' ? run.verdict : 'unknown';
      const report = run.files.find(({ path }) => path.endsWith('report.html'));
      const name =
        report === undefined
          ? esc(run.scenario)
          : `<a href="${esc(report.path.split('/').map(encodeURIComponent).join('/'))}">${esc(run.scenario)}</a>`;
      const bad = Object.entries(run.invariants)
        .filter(([, verdict]) => verdict === 'fail' || verdict === 'unknown')
        .map(([id]) => id);
      return `<tr><td>${badge(look)}</td><td>${name}</td><td>${esc(run.driver)}</td><td>${esc(run.seed)}</td><td>${bad.join(', ')}</td><td><code>${run.fingerprint.slice(0, 16)}</code></td></tr>`;
    });
  if (rows.length === 0) return '';
  return `<section aria-labelledby="runs"><h2 id="runs">Runs</h2><table class="runs"><thead><tr><th scope="col">Verdict</th><th scope="col">Scenario</th><th scope="col">Driver</th><th scope="col">Seed</th><th scope="col">Not passed</th><th scope="col">Fingerprint</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></section>`;
}

function hashesHtml(dossier: Dossier): string {
  const rows = [
    ...dossier.parts.map((part) => [part.title, part.sha256] as const),
    ...dossier.scenarios.map((scenario) => [`scenario ${scenario.name}`, scenario.sha256] as const),
  ];
  return `<section aria-labelledby="hashes"><h2 id="hashes">Verify</h2><p>The hash over all parts is <code>${dossier.sha256}</code>.</p>
<div class="command"><code id="verify">node bin/assay.js certify --verify dossier.json</code><button type="button" data-copy="verify" hidden>Copy</button></div>
<p class="note">It recomputes every hash, reads every file that this dossier rests on, and judges the recorded histories again. A hash shows that nothing was changed; who wrote it only a signature of yours can show.</p>
<details><summary>All hashes (SHA-256)</summary><dl class="facts hashes">${rows.map(([name, hash]) => `<dt>${esc(name)}</dt><dd><code>${hash}</code></dd>`).join('')}</dl></details></section>`;
}
