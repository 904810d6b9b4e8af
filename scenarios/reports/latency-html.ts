/**
 * Latency percentiles over time as small drawings, one above the other on one axis of time, with
 * the faults as bands behind them. Plain SVG with titles; the same numbers follow as a table.
 */
import { durationText, timeText } from '../history/index.ts';
import type { RunModel } from '../history/index.ts';
import { escapeXml as esc } from './escape.ts';
import { latencySeries } from './latency-series.ts';
import type { LatencyBucket, LatencyPanel, LatencySeries } from './latency-series.ts';

const WIDTH = 1060;
const HEIGHT = 132;
const LEFT = 74;
const RIGHT = WIDTH - 16;
const TOP = 12;
const BOTTOM = HEIGHT - 24;

const LINES = ['p50', 'p95', 'p99'] as const;

export interface FaultBand {
  from: number;
  to: number;
  name: string;
}

/** Empty when nothing in the run took time. */
export function latencyHtml(run: RunModel, bands: readonly FaultBand[]): string {
  const series = latencySeries(run);
  if (series === undefined) return '';
  const within = bands.filter((band) => band.to > series.from && band.from < series.to);
  const figures = series.panels.map(
    (panel) =>
      `<figure class="latency"><figcaption><b>${esc(panel.title)}</b> <span>${panel.samples} measured · p50 ${durationText(panel.p50)} · p95 ${durationText(panel.p95)} · p99 ${durationText(panel.p99)}</span></figcaption><div class="drawing">${panelSvg(panel, series, within)}</div></figure>`,
  );
  const legend = LINES.map((name) => `<span><i class="${name}"></i>${name}</span>`).join('');
  const band = within.length === 0 ? '' : '<span><i class="fault-band"></i>fault at work</span>';
  return `<section aria-labelledby="latency"><h2 id="latency">How long things took</h2><p class="lede">${esc(series.note)}</p>
${figures.join('\n')}
<p class="legend keys">${legend}${band}</p>
<details><summary>As a table</summary>${tableOf(series.panels)}</details></section>`;
}

function panelSvg(panel: LatencyPanel, series: LatencySeries, bands: readonly FaultBand[]): string {
  const x = (t: number): number => LEFT + ((t - series.from) / (series.to - series.from)) * (RIGHT - LEFT);
  const { y, ticks } = logScale(panel.buckets);
  const clip = (t: number): number => Math.min(RIGHT, Math.max(LEFT, x(t)));
  const out = bands.map(
    (band) =>
      `<rect class="band" x="${clip(band.from).toFixed(1)}" y="${TOP}" width="${Math.max(1, clip(band.to) - clip(band.from)).toFixed(1)}" height="${BOTTOM - TOP}"><title>${esc(band.name)}</title></rect>`,
  );
  for (const [tick, words] of ticks) {
    const at = y(tick).toFixed(1);
    out.push(
      `<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${at}" y2="${at}"/><text x="${LEFT - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${words}</text>`,
    );
  }
  const middle = (bucket: LatencyBucket): number => x((bucket.from + bucket.to) / 2);
  for (const name of LINES) {
    const points = panel.buckets.map((bucket) => `${middle(bucket).toFixed(1)} ${y(bucket[name]).toFixed(1)}`);
    if (points.length > 1) out.push(`<polyline class="${name}" points="${points.join(' ')}"/>`);
    for (const point of points) {
      const [cx, cy] = point.split(' ');
      out.push(`<circle class="${name}" cx="${cx}" cy="${cy}" r="2.4"/>`);
    }
  }
  for (const bucket of panel.buckets) out.push(hoverArea(bucket, x));
  for (const [t, anchor] of [
    [series.from, 'start'],
    [(series.from + series.to) / 2, 'middle'],
    [series.to, 'end'],
  ] as const)
    out.push(`<text x="${x(t).toFixed(1)}" y="${HEIGHT - 6}" text-anchor="${anchor}">${axisTime(t)}</text>`);
  const label = `${panel.title}: p50 ${durationText(panel.p50)}, p95 ${durationText(panel.p95)}, p99 ${durationText(panel.p99)}`;
  return `<svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${esc(label)}">${out.join('')}</svg>`;
}

function hoverArea(bucket: LatencyBucket, x: (t: number) => number): string {
  const words = `${axisTime(bucket.from)} to ${axisTime(bucket.to)}: ${bucket.samples} measured, p50 ${durationText(bucket.p50)}, p95 ${durationText(bucket.p95)}, p99 ${durationText(bucket.p99)}`;
  return `<rect class="hover" x="${x(bucket.from).toFixed(1)}" y="${TOP}" width="${(x(bucket.to) - x(bucket.from)).toFixed(1)}" height="${BOTTOM - TOP}"><title>${words}</title></rect>`;
}

function axisTime(t: number): string {
  return timeText(Math.round(t / 1_000) * 1_000);
}

/** Round durations for the axis, about a factor of ten apart. */
const LADDER: readonly (readonly [ms: number, words: string])[] = [
  [1, '1 ms'],
  [10, '10 ms'],
  [100, '100 ms'],
  [1_000, '1 s'],
  [10_000, '10 s'],
  [60_000, '1 min'],
  [600_000, '10 min'],
  [3_600_000, '1 h'],
  [36_000_000, '10 h'],
  [345_600_000, '4 d'],
  [3_456_000_000, '40 d'],
];

/** A logarithmic scale from the rung below what was measured to the one above; a zero stands at the bottom. */
function logScale(buckets: readonly LatencyBucket[]): { y: (ms: number) => number; ticks: typeof LADDER } {
  const values = buckets.flatMap(({ p50, p99 }) => [p50, p99]).filter((value) => value > 0);
  const [least, most] = [values.reduce((a, b) => Math.min(a, b), 1_000), values.reduce((a, b) => Math.max(a, b), 1)];
  const first = Math.max(
    0,
    LADDER.findLastIndex(([ms]) => ms <= least),
  );
  const above = LADDER.findIndex(([ms]) => ms >= most);
  const last = Math.max(first + 1, above < 0 ? LADDER.length - 1 : above);
  const ticks = LADDER.slice(first, last + 1);
  const [low, high] = [ticks[0], ticks.at(-1)].map((tick) => Math.log10(tick?.[0] ?? 1)) as [number, number];
  const y = (ms: number): number => {
    const share = (Math.log10(Math.max(10 ** low, ms)) - low) / (high - low);
    return BOTTOM - Math.min(1, share) * (BOTTOM - TOP);
  };
  return { y, ticks };
}

function tableOf(panels: readonly LatencyPanel[]): string {
  const rows = panels.flatMap((panel) =>
    panel.buckets.map(
      (bucket) =>
        `<tr><td>${esc(panel.title)}</td><td>${axisTime(bucket.from)}</td><td>${bucket.samples}</td><td>${durationText(bucket.p50)}</td><td>${durationText(bucket.p95)}</td><td>${durationText(bucket.p99)}</td></tr>`,
    ),
  );
  return `<div class="scroll-x" tabindex="0" role="region" aria-label="Latency over time"><table class="money latencies"><thead><tr><th scope="col">What</th><th scope="col">From</th><th scope="col">Measured</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">p99</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
