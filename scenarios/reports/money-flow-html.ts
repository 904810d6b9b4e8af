/**
 * The money flow as a drawing and as a table: PSPs on the left, wallets in the middle, where the
 * money went on the right. Plain SVG, so that it prints and needs no script.
 */
import { money } from '../history/index.ts';
import type { RunModel } from '../history/index.ts';
import { escapeXml as esc } from './escape.ts';
import { moneyFlows, walletsSeen } from './money-flow.ts';
import type { FlowEnd, FlowRow, MoneyFlow } from './money-flow.ts';

/** More currencies than this are told as tables only. */
const DRAWN_CURRENCIES = 2;

const WIDTH = 1060;
/** Height of all the money together, in pixels. */
const MONEY_HEIGHT = 210;
/** Two labels need this much, however little money stands between them. */
const LABEL_PITCH = 36;
const TOP = 30;
const BAR = 10;
const LEFT = 230;
const MIDDLE = 520;
const RIGHT = 820;

export function moneyFlowHtml(run: RunModel): string {
  const flows = moneyFlows(run);
  if (flows.length === 0) return '';
  const seen = walletsSeen(run);
  const note = seen
    ? ''
    : '<p class="lede">The ledger entries of the wallets were not read in this run: only the side of the PSPs is known.</p>';
  const parts = flows.map((flow, n) => {
    const drawing = seen && n < DRAWN_CURRENCIES ? `<div class="drawing">${flowSvg(flow)}</div>` : '';
    const heading = flows.length > 1 ? `<h3>${esc(flow.currency)}</h3>` : '';
    return `${heading}${drawing}${tableOf(flow, seen)}`;
  });
  return `<section aria-labelledby="flow"><h2 id="flow">Where the money went</h2>${note}${parts.join('\n')}</section>`;
}

interface Placed extends FlowEnd {
  y: number;
  height: number;
}

function flowSvg(flow: MoneyFlow): string {
  const sum = (ends: readonly FlowEnd[]): number => ends.reduce((total, end) => total + end.amountMinor, 0);
  const scale = MONEY_HEIGHT / Math.max(1, sum(flow.sources) + sum(flow.past), sum(flow.sinks) + sum(flow.past));
  const { sources, past } = withPast(flow);
  const left = place(sources, scale);
  const right = place([...flow.sinks, ...past], scale);
  const wallets = sum(flow.sources) * scale;
  const height = Math.max(bottomOf(left), bottomOf(right), TOP + wallets) + 20;
  const out: string[] = [];
  let [into, from] = [TOP, TOP];
  const used = new Map<string, number>();
  for (const end of left) {
    const through = flow.sources.find((source) => source.name === end.name);
    if (through === undefined) continue;
    const thick = through.amountMinor * scale;
    out.push(ribbon({ x: LEFT + BAR, y: end.y }, { x: MIDDLE, y: into }, thick, end));
    into += thick;
    used.set(end.name, thick);
  }
  for (const end of right) {
    const origin = flow.past.filter((stream) => stream.name === end.name);
    if (origin.length === 0) {
      out.push(ribbon({ x: MIDDLE + BAR, y: from }, { x: RIGHT, y: end.y }, end.amountMinor * scale, end));
      from += end.amountMinor * scale;
    }
    let y = end.y;
    for (const stream of origin) {
      const source = left.find((candidate) => candidate.name === stream.from);
      const offset = used.get(stream.from) ?? 0;
      const thick = stream.amountMinor * scale;
      out.push(ribbon({ x: LEFT + BAR, y: (source?.y ?? TOP) + offset }, { x: RIGHT, y }, thick, stream));
      used.set(stream.from, offset + thick);
      y += thick;
    }
  }
  const bars = [
    ...left.map((end) => bar(end, LEFT, 'end', flow.currency)),
    bar(
      { name: 'wallets', amountMinor: sum(flow.sources), tone: 'plain', y: TOP, height: Math.max(2, wallets) },
      MIDDLE,
      'middle',
      flow.currency,
    ),
    ...right.map((end) => bar(end, RIGHT, 'start', flow.currency)),
  ];
  const label = `Flow of ${flow.currency}: ${[...left, ...right].map((end) => `${end.name} ${money(end.amountMinor, flow.currency)}`).join(', ')}`;
  return `<svg class="flow" viewBox="0 0 ${WIDTH} ${Math.ceil(height)}" role="img" aria-label="${esc(label)}">${out.join('')}${bars.join('')}</svg>`;
}

/** Left ends with what goes past the wallets in them, and the right ends of that. */
function withPast(flow: MoneyFlow): { sources: FlowEnd[]; past: FlowEnd[] } {
  const sources = flow.sources.map((end) => ({ ...end }));
  const past: FlowEnd[] = [];
  for (const { from, ...stream } of flow.past) {
    const source = sources.find((end) => end.name === from);
    if (source === undefined) sources.push({ name: from, amountMinor: stream.amountMinor, tone: 'plain' });
    else source.amountMinor += stream.amountMinor;
    const end = past.find((other) => other.name === stream.name);
    if (end === undefined) past.push({ ...stream });
    else end.amountMinor += stream.amountMinor;
  }
  return { sources, past };
}

function place(ends: readonly FlowEnd[], scale: number): Placed[] {
  let y = TOP;
  return ends.map((end) => {
    const height = Math.max(2, end.amountMinor * scale);
    const placed = { ...end, y, height };
    y += Math.max(LABEL_PITCH, height + 12);
    return placed;
  });
}

function bottomOf(ends: readonly Placed[]): number {
  const last = ends.at(-1);
  return last === undefined ? TOP : last.y + Math.max(last.height, LABEL_PITCH);
}

interface Point {
  x: number;
  y: number;
}

function ribbon(from: Point, to: Point, thick: number, end: FlowEnd): string {
  const half = Math.max(0.75, thick / 2);
  const bend = (to.x - from.x) / 2;
  const [a, b] = [from.y + half, to.y + half].map((y) => Math.round(y * 10) / 10);
  return `<path class="stream ${end.tone}" d="M${from.x} ${a}C${from.x + bend} ${a} ${to.x - bend} ${b} ${to.x} ${b}" stroke-width="${(half * 2).toFixed(1)}"/>`;
}

function bar(end: Placed, x: number, anchor: 'start' | 'middle' | 'end', currency: string): string {
  const words = money(end.amountMinor, currency);
  const rect = `<rect class="node ${end.tone}" x="${x}" y="${end.y.toFixed(1)}" width="${BAR}" height="${end.height.toFixed(1)}" rx="2"/>`;
  if (anchor === 'middle')
    return `${rect}<text x="${x + BAR / 2}" y="${end.y - 10}" text-anchor="middle"><tspan class="name">${esc(end.name)}</tspan> ${words}</text>`;
  const at = anchor === 'end' ? x - 10 : x + BAR + 10;
  const y = Math.max(end.y + 11, end.y + Math.min(end.height, LABEL_PITCH * 2) / 2 - 3);
  return `${rect}<text class="name ${end.tone}" x="${at}" y="${y.toFixed(1)}" text-anchor="${anchor}">${esc(end.name)}</text><text x="${at}" y="${(y + 15).toFixed(1)}" text-anchor="${anchor}">${words}</text>`;
}

/** Books beside ledger: the two must say the same, unless a case or open money explains it. */
function tableOf({ rows, currency }: MoneyFlow, seen: boolean): string {
  if (rows.length === 0) return '';
  const pair = (books: number, ledger: number): string => {
    const differs = seen && books !== ledger;
    const mark = differs ? ' class="differs"' : '';
    const words = differs ? '<span class="visually-hidden">differs: </span>' : '';
    return `<td>${figure(books)}</td><td${mark}>${words}${seen ? figure(ledger) : 'not read'}</td>`;
  };
  const figure = (minor: number): string =>
    minor === 0 ? '<span class="none">–</span>' : esc(money(minor, currency).replace(` ${currency}`, ''));
  const lines = rows.map(
    (row: FlowRow) =>
      `<tr><th scope="row">${esc(row.psp)}</th>${pair(row.captured, row.credited)}${pair(row.backBooks, row.backLedger)}${pair(row.paidOutBooks, row.paidOutLedger)}</tr>`,
  );
  return `<div class="scroll-x" tabindex="0" role="region" aria-label="Books and ledger in ${esc(currency)}"><table class="money"><caption class="visually-hidden">Books of the PSPs beside the ledger, ${esc(currency)}</caption>
<thead><tr><th scope="col" rowspan="2">${esc(currency)}</th><th scope="colgroup" colspan="2">Deposits</th><th scope="colgroup" colspan="2">Refunds</th><th scope="colgroup" colspan="2">Payouts</th></tr>
<tr><th scope="col">captured</th><th scope="col">credited</th><th scope="col">in the books</th><th scope="col">in the ledger</th><th scope="col">in the books</th><th scope="col">in the ledger</th></tr></thead>
<tbody>${lines.join('')}</tbody></table></div>`;
}
