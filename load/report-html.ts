/**
 * The page of a load run, one file without anything from elsewhere: the course of latency with
 * the faults behind it, percentiles by PSP and method, errors, invariants, and what to think of
 * the numbers.
 */
import { escaped } from './escaped.ts';
import { percentile } from './histogram.ts';
import { headline, rowsOf, type LoadResult } from './result.ts';

const WIDTH = 960;
const HEIGHT = 260;

export function loadHtml(result: LoadResult): string {
  const { machine, measurement, missedThresholds } = result;
  const title = `load ${result.journey}, profile ${result.profile}${result.chaos === null ? '' : `, chaos ${result.chaos}`}`;
  const ms = (value: number | null): string => (value === null ? '–' : value.toFixed(0));
  const rows = rowsOf(measurement).map((row) => [
    row.what,
    String(row.started),
    String(row.done),
    ...[row.p50, row.p95, row.p99, row.serverP95, row.pspP95, row.ownP95].map(ms),
  ]);
  const head = ['operation', 'started', 'in budget', 'p50', 'p95', 'p99', 'p95 service', 'p95 PSP', 'p95 own'];
  const perSecond = (measurement.groups.reduce((sum, { started }) => sum + started, 0) / result.seconds).toFixed(1);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;margin:.5rem 0}td,th{padding:.2rem .7rem;border-bottom:1px solid #ddd;text-align:right}
td:first-child,th:first-child{text-align:left}.pass{color:#176b2c}.fail{color:#a4161a}.missed,.unknown{color:#8a5a00}svg{width:100%}</style>
<h1>${escaped(title)}</h1>
<p class="${result.verdict}"><strong>${result.verdict}</strong>: ${escaped(headline(result))}.</p>
${missedThresholds.map((one) => `<p class="missed">threshold missed: ${escaped(one)}</p>`).join('\n')}
<h2>Latency over time</h2>${chart(result)}
<p>Milliseconds from init to the end as clients saw it, by when operations were due. Solid: p95. Thin: p50. Shaded: faults${result.faults.map((band) => `; ${escaped(band.fault)}${band.psp === undefined ? '' : ` at ${escaped(band.psp)}`} ${band.from.toFixed(0)}–${band.to.toFixed(0)} s`).join('')}.</p>
<h2>By PSP and method</h2>${table(head, rows)}
<p>Milliseconds. Throughput ${perSecond} operations per second over ${result.seconds} s. What was not done within the budget counts as the budget.</p>
<h2>Errors</h2>${table(
    ['reason', 'times'],
    Object.entries(measurement.errors).map(([reason, n]) => [reason, String(n)]),
  )}
<h2>Invariants over the whole run</h2>${table(
    ['invariant', 'verdict', 'checked', 'violations'],
    result.invariants
      .filter(({ verdict }) => verdict !== 'not-applicable')
      .map((one) => [`${one.id} ${one.title} ${one.reason}`, one.verdict, String(one.checked), String(one.violations)]),
  )}
<h2>What the numbers are worth</h2>
<p>Operations start at their rate whether or not earlier ones have ended, and none was left out: a slow service cannot slow its own load down (no coordinated omission).
“p95 PSP” is the time inside the simulated PSP while it was asked to begin, by its own record; “p95 own” is the service's time without it.
Generator, simulator, database and service shared the ${machine.cores} cores of this machine (${escaped(machine.cpu)}, ${machine.memoryGb} GB, ${escaped(machine.platform)}, Node ${escaped(machine.node)}, ${escaped(machine.k6)}; ${machine.fingerprint}): compare with this machine only. Percentiles are true within half a percent.</p></html>
`;
}

function chart({ measurement, faults, seconds }: LoadResult): string {
  const { slices, sliceSeconds } = measurement;
  const points = slices.map(({ second, observed }) => ({
    second: second + sliceSeconds / 2,
    p50: percentile(observed, 0.5) ?? 0,
    p95: percentile(observed, 0.95) ?? 0,
  }));
  const top = Math.max(1, ...points.map(({ p95 }) => p95)) * 1.1;
  const last = Math.max(seconds, ...points.map(({ second }) => second));
  const x = (second: number): string => ((second / last) * WIDTH).toFixed(1);
  const y = (value: number): string => (HEIGHT - (value / top) * HEIGHT).toFixed(1);
  const line = (name: 'p50' | 'p95', width: number): string =>
    `<polyline fill="none" stroke="#1f4e8c" stroke-width="${width}" points="${points.map((one) => `${x(one.second)},${y(one[name])}`).join(' ')}"/>`;
  const bands = faults.map(
    ({ fault, from, to }) =>
      `<rect x="${x(from)}" y="0" width="${Math.max(1, Number(x(to)) - Number(x(from))).toFixed(1)}" height="${HEIGHT}" fill="#d9480f" opacity=".15"><title>${escaped(fault)}</title></rect>`,
  );
  const scale = [0.25, 0.5, 0.75, 1].map(
    (part) => `<text x="2" y="${y((top / 1.1) * part)}" font-size="11">${((top / 1.1) * part).toFixed(0)} ms</text>`,
  );
  return `<svg viewBox="0 -12 ${WIDTH} ${HEIGHT + 14}" role="img" aria-label="latency over time">${[...bands, line('p95', 2.5), line('p50', 1), ...scale].join('')}</svg>`;
}

function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return '<p>none</p>';
  const cells = (tag: string, row: string[]): string => row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('');
  return `<table><tr>${cells('th', head)}</tr>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')}</table>`;
}
