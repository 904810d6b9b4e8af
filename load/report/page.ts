/**
 * The page of a load run, one file without anything from elsewhere: latency, throughput and
 * errors over time with the faults behind them, percentiles by PSP and method, the comparison
 * with a baseline, invariants, and what to think of the numbers.
 */
import { percentile } from '../histogram.ts';
import { kneeText } from '../knee.ts';
import { headline, rowsOf, simulatorCost, type FaultBand, type LoadResult } from '../result.ts';
import { perSecond, type Slice } from '../measure.ts';
import { chart, type Line } from './chart.ts';
import { escaped } from './escaped.ts';

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;margin:.5rem 0;width:100%}td,th{padding:.25rem .6rem;border-bottom:1px solid #ddd;text-align:right;vertical-align:bottom}
td:first-child,th:first-child{text-align:left}.pass{color:#176b2c}.fail{color:#a4161a}.missed,.unknown{color:#8a5a00}
.verdict{font-size:1.2rem}h2{margin-top:2rem}figure{margin:1rem 0}svg{width:100%}svg text{font:11px system-ui,sans-serif;fill:#555}svg line{stroke:#e6e6e6}
rect.fault,i.fault{fill:#d9480f;opacity:.16;background:#d9480f}.key{margin-left:1rem;white-space:nowrap}.key i{display:inline-block;width:.8rem;height:.8rem;margin-right:.3rem;vertical-align:-1px}`;

export function loadHtml(result: LoadResult): string {
  const { missedThresholds, knee } = result;
  const title = titleOf(result);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
<p class="verdict ${result.verdict}"><strong>${result.verdict}</strong>: ${escaped(headline(result))}.</p>
${missedThresholds.map((one) => `<p class="missed">threshold missed: ${escaped(one)}</p>`).join('\n')}
${knee === null ? '' : `<p>${escaped(kneeText(knee))}.</p>`}
<h2>By PSP and method</h2>${percentiles(result)}
<h2>Over time</h2>${overTime(result)}
${comparison(result)}
<h2>Errors</h2>${errors(result)}
<h2>Invariants over the whole run</h2>${invariants(result)}
<h2>What the numbers are worth</h2>${worth(result)}</body></html>
`;
}

function titleOf({ journey, profile, chaos, target, segment }: LoadResult): string {
  return [
    `load ${journey}, profile ${profile}`,
    ...(chaos === null ? [] : [`chaos ${chaos}`]),
    ...(target === null ? [] : [`target ${target}`]),
    ...(segment === '1/1' ? [] : [`segment ${segment}`]),
  ].join(', ');
}

const ms = (value: number | null): string => (value === null ? '–' : value.toFixed(0));

function percentiles(result: LoadResult): string {
  const rows = rowsOf(result.measurement).map((row) => [
    ...[row.what, String(row.started), String(row.done)],
    ...[row.p50, row.p95, row.p99, row.withoutSimulatorP95, row.serverP95, row.pspP95, row.ownP95].map(ms),
  ]);
  const head = ['operation', 'started', 'in budget', 'p50', 'p95', 'p99'];
  const more = ['p95 without simulation', 'p95 service', 'p95 PSP', 'p95 own'];
  const started = result.measurement.groups.reduce((sum, group) => sum + group.started, 0);
  return `${table([...head, ...more], rows)}
<p>Milliseconds. ${started} operations in ${result.seconds} s, ${(started / result.seconds).toFixed(1)} per second. What was not done within the budget counts as the budget.</p>`;
}

function overTime(result: LoadResult): string {
  const { faults, seconds } = result;
  const { slices, sliceSeconds } = result.measurement;
  const at = (second: number): number => second + sliceSeconds / 2;
  const latency = (q: number) =>
    slices.map(({ second, observed }) => ({ second: at(second), value: percentile(observed, q) }));
  const rate = (count: (slice: Slice) => number) =>
    perSecond(result.measurement, seconds, count).map(({ second, value }) => ({ second: at(second), value }));
  const draw = (title: string, unit: string, lines: Line[]): string => chart({ title, unit, lines, faults, seconds });
  return [
    draw('Latency', 'milliseconds from init to the end as clients saw it', [
      { name: 'p99', color: '#9bb8dd', points: latency(0.99) },
      { name: 'p95', color: '#1f4e8c', points: latency(0.95) },
      { name: 'p50', color: '#2a9d8f', points: latency(0.5) },
    ]),
    draw('Throughput', 'operations per second', [
      { name: 'started', color: '#999', points: rate(({ started }) => started) },
      { name: 'done within the budget', color: '#176b2c', points: rate(({ done }) => done) },
    ]),
    draw('Errors', 'operations per second that were not done within the budget', [
      { name: 'not done', color: '#a4161a', points: rate(({ started, done }) => started - done) },
    ]),
    `<p>By when operations were due to start. ${faultWords(faults)}</p>`,
  ].join('\n');
}

function faultWords(faults: readonly FaultBand[]): string {
  if (faults.length === 0) return 'No faults.';
  const words = faults.map(
    ({ fault, psp, from, to }) =>
      `${fault}${psp === undefined ? '' : ` at ${psp}`} ${from.toFixed(0)}–${to.toFixed(0)} s`,
  );
  return `Faults: ${escaped([...new Set(words)].join('; '))}.`;
}

function comparison({ comparison: made }: LoadResult): string {
  if (made === null) return '';
  const head = '<h2>Against the baseline</h2>';
  if ('notCompared' in made) return `${head}<p class="unknown">Not compared: ${escaped(made.notCompared)}.</p>`;
  const rows = made.compared.map(({ what, before, now, ownBefore, ownNow, slower }) => [
    ...[what, ms(before), ms(now), `${(((now - before) / before) * 100).toFixed(0)} %`],
    ...[ms(ownBefore), ms(ownNow), slower ? 'slower' : 'no'],
  ]);
  const names = ['operation', 'p95 before', 'p95 now', 'change', 'own before', 'own now', 'slower'];
  return `${head}${table(names, rows)}<p>${escaped(made.file)}. Slower is what grew by more than 20 % and 50 ms.</p>`;
}

function errors({ measurement }: LoadResult): string {
  const rows = Object.entries(measurement.errors).map(([reason, n]) => [reason, String(n)]);
  return table(['reason', 'times'], rows);
}

function invariants({ invariants: judged, stopped }: LoadResult): string {
  if (stopped) return '<p class="unknown">Not judged: the run was stopped before it was over.</p>';
  const rows = judged
    .filter(({ verdict }) => verdict !== 'not-applicable')
    .map((one) => [`${one.id} ${one.title} ${one.reason}`, one.verdict, String(one.checked), String(one.violations)]);
  return table(['invariant', 'verdict', 'checked', 'violations'], rows);
}

function worth(result: LoadResult): string {
  const { machine, measurement } = result;
  const cost = simulatorCost(measurement);
  const costs =
    cost === null
      ? 'What the simulation itself costs is not known for this run.'
      : `The simulation itself costs p50 ${cost.p50.toFixed(1)} ms, p95 ${cost.p95.toFixed(1)} ms, p99 ${cost.p99.toFixed(1)} ms per operation (${cost.samples} operations): what its PSPs took beyond the latency that they were meant to have. “p95 without simulation” has it taken off.`;
  return `<p>Operations start at their rate whether or not earlier ones have ended, and none was left out: a slow service cannot slow its own load down (no coordinated omission).</p>
<p>${costs}</p>
<p>“p95 service” is by the service's own times; “p95 PSP” is the time inside the simulated PSP while it was asked to begin, its latency included; “p95 own” is the service's time without it. The time that a PSP takes until its webhook, a payer at the bank or a bank that decides about a payout is not taken off.</p>
<p>Generator, simulator, database and service shared the ${machine.cores} cores of this machine (${escaped(machine.cpu)}, ${machine.memoryGb} GB, ${escaped(machine.platform)}, Node ${escaped(machine.node)}, ${escaped(machine.k6)}; ${machine.fingerprint}): compare with this machine only. Percentiles are true within half a percent.</p>`;
}

function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return '<p>none</p>';
  const cells = (tag: string, row: string[]): string => row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('');
  return `<table><tr>${cells('th', head)}</tr>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')}</table>`;
}
