/**
 * The coverage map as a table: states of a payment down, faults across, how often each fault
 * struck in each state. What cannot be is marked and explained, what was never exercised is empty.
 */
import { escapeXml as esc } from './escape.ts';
import type { CoverageTable } from './report.ts';

/** Empty for a run without coverage. */
export function coverageHtml(coverage: CoverageTable | undefined): string {
  if (coverage === undefined || coverage.hits.length + coverage.goals.length === 0) return '';
  const { states, faults, hits, infeasible, goals } = coverage;
  const count = new Map(hits.map((hit) => [`${hit.state} ${hit.fault}`, hit.count]));
  const reasons = new Map(infeasible.map((cell) => [`${cell.state} ${cell.fault}`, cell.reason]));
  const most = Math.max(1, ...count.values());
  const cell = (state: string, fault: string): string => {
    const key = `${state} ${fault}`;
    const reason = reasons.get(key);
    if (reason !== undefined) return `<td class="cannot" title="${esc(reason)}">·</td>`;
    const n = count.get(key) ?? 0;
    if (n === 0) return '<td class="never"><span class="visually-hidden">never</span></td>';
    const strength = 12 + Math.round((Math.log1p(n) / Math.log1p(most)) * 38);
    return `<td class="seen" style="--strength:${strength}%">${n}</td>`;
  };
  const rows = states.map(
    (state) =>
      `<tr><th scope="row">${esc(words(state))}</th>${faults.map((fault) => cell(state, fault)).join('')}</tr>`,
  );
  const feasible = states.length * faults.length - reasons.size;
  return `<section aria-labelledby="coverage"><h2 id="coverage">What was exercised</h2>
<p class="lede">How often a fault struck while a payment was in a state: ${count.size} of ${feasible} cells that can be. Empty: never. A dot: cannot be.</p>
<div class="scroll-x" tabindex="0" role="region" aria-label="Coverage of states and faults"><table class="coverage"><thead><tr><th scope="col"><span class="visually-hidden">State</span></th>${faults.map((fault) => `<th scope="col"><span>${esc(words(fault))}</span></th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>
${goalsOf(goals)}${reasonsOf(infeasible)}</section>`;
}

function goalsOf(goals: CoverageTable['goals']): string {
  if (goals.length === 0) return '';
  const items = goals.map(
    ({ text, reached }) =>
      `<li><span class="badge ${reached ? 'pass' : 'unknown'}">${reached ? 'seen' : 'never'}</span> ${esc(text)}</li>`,
  );
  return `<h3>Coincidences</h3><ul class="expected">${items.join('')}</ul>`;
}

function reasonsOf(infeasible: CoverageTable['infeasible']): string {
  if (infeasible.length === 0) return '';
  const items = infeasible.map(
    ({ state, fault, reason }) => `<li>${esc(words(fault))} while ${esc(words(state))}: ${esc(reason)}</li>`,
  );
  return `<details><summary>Why ${infeasible.length} cells cannot be</summary><ul class="reasons">${items.join('')}</ul></details>`;
}

function words(name: string): string {
  return name.replaceAll(/[-_]/g, ' ');
}
