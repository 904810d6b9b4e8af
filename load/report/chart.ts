/**
 * Lines over the time of a load run, as one drawing without anything from elsewhere: axes with
 * numbers, and behind the lines the times at which something was made to go wrong.
 */
import type { FaultBand } from '../result.ts';
import { escaped } from './escaped.ts';

const WIDTH = 960;
const HEIGHT = 200;
const LEFT = 64;
const BOTTOM = 24;
const TICKS = 4;

export interface Line {
  name: string;
  color: string;
  /** By second; null where there is nothing to draw. */
  points: { second: number; value: number | null }[];
}

export interface ChartOptions {
  title: string;
  unit: string;
  lines: Line[];
  faults: readonly FaultBand[];
  /** How long the run took. */
  seconds: number;
}

export function chart({ title, unit, lines, faults, seconds }: ChartOptions): string {
  const highest = Math.max(...lines.flatMap(({ points }) => points.map(({ value }) => value ?? 0)));
  const top = roundUp(Math.max(highest, 1));
  const last = Math.max(seconds, ...lines.flatMap(({ points }) => points.map(({ second }) => second)));
  const x = (second: number): number => LEFT + (second / last) * (WIDTH - LEFT);
  const y = (value: number): number => HEIGHT - (value / top) * HEIGHT;
  const parts = [
    ...bands(faults, x, last),
    ...grid(top, y),
    ...lines.map((line) => drawn(line, x, y)),
    ...Array.from({ length: TICKS + 1 }, (_, n) => (last * n) / TICKS).map(
      (second, n) =>
        `<text x="${x(second).toFixed(1)}" y="${HEIGHT + 16}" text-anchor="${n === 0 ? 'start' : n === TICKS ? 'end' : 'middle'}">${second.toFixed(0)} s</text>`,
    ),
  ];
  const key = lines
    .map(({ name, color }) => `<span class="key"><i style="background:${color}"></i>${escaped(name)}</span>`)
    .join('');
  return `<figure><figcaption>${escaped(title)}, ${escaped(unit)} ${key}${faults.length === 0 ? '' : '<span class="key"><i class="fault"></i>fault</span>'}</figcaption><svg viewBox="0 -8 ${WIDTH} ${HEIGHT + BOTTOM + 8}" role="img" aria-label="${escaped(title)}">${parts.join('')}</svg></figure>`;
}

function bands(faults: readonly FaultBand[], x: (second: number) => number, last: number): string[] {
  return faults.map(({ fault, psp, from, to }) => {
    const width = Math.max(1, x(Math.min(to, last)) - x(Math.min(from, last)));
    const name = psp === undefined ? fault : `${fault} at ${psp}`;
    return `<rect class="fault" x="${x(Math.min(from, last)).toFixed(1)}" y="0" width="${width.toFixed(1)}" height="${HEIGHT}"><title>${escaped(name)} ${from.toFixed(0)}–${to.toFixed(0)} s</title></rect>`;
  });
}

function grid(top: number, y: (value: number) => number): string[] {
  return Array.from({ length: TICKS + 1 }, (_, n) => (top * n) / TICKS).map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}"/><text x="${LEFT - 6}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${short(value)}</text>`,
  );
}

/** A line breaks where there is nothing to draw. */
function drawn({ points, color, name }: Line, x: (second: number) => number, y: (value: number) => number): string {
  let pen = 'M';
  const path = points.map(({ second, value }) => {
    if (value === null) {
      pen = 'M';
      return '';
    }
    const step = `${pen}${x(second).toFixed(1)},${y(value).toFixed(1)}`;
    pen = 'L';
    return step;
  });
  return `<path d="${path.join('')}" fill="none" stroke="${color}" stroke-width="2"><title>${escaped(name)}</title></path>`;
}

/** To 1, 2, 4, 6, 8 or 10 times a power of ten: numbers that are read well in quarters. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return (([1, 2, 4, 6, 8, 10].find((step) => step * power >= value) ?? 10) as number) * power;
}

function short(value: number): string {
  return value >= 10 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
}
