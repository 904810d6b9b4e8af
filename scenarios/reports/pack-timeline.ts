/**
 * Packs the timeline's data for the page: columns instead of objects, names in a dictionary,
 * and an upper limit. What does not fit is left out by importance and counted, never silently.
 */
import { scriptJson } from './escape.ts';
import type { TimelineData, TimelineMark } from './timeline-data.ts';

/** Leaves room for the page around it below the two megabytes that mail and CI artefact viewers take. */
export const TIMELINE_BYTES = 1_700_000;

/** More marks than this make zooming slow in a browser, whatever their size. */
const TIMELINE_MARKS = 20_000;

const TONES = ['good', 'bad', 'doubt', 'plain'] as const;

export interface PackedTimeline {
  json: string;
  /** Marks left out. */
  left: number;
}

export function packTimeline(data: TimelineData): PackedTimeline {
  for (let keep = Math.min(data.marks.length, TIMELINE_MARKS); ; keep = Math.floor(keep * 0.8)) {
    const marks = keep === data.marks.length ? data.marks : mostTelling(data, keep);
    const json = scriptJson({ ...data, marks: undefined, columns: columnsOf(marks), totals: totalsOf(data.totals) });
    if (Buffer.byteLength(json) <= TIMELINE_BYTES || keep < 1) return { json, left: data.marks.length - marks.length };
  }
}

function columnsOf(marks: readonly TimelineMark[]): Record<string, unknown> {
  const names = [...new Set(marks.map((mark) => mark.who))];
  const numbers = new Map(names.map((name, n) => [name, n]));
  return {
    names,
    i: marks.map((mark) => mark.i),
    t: marks.map((mark) => mark.t),
    lane: marks.map((mark) => mark.lane),
    tone: marks.map((mark) => TONES.indexOf(mark.tone)),
    pay: marks.map((mark) => mark.pay),
    who: marks.map((mark) => numbers.get(mark.who) ?? 0),
    text: marks.map((mark) => mark.text),
    cause: marks.map((mark) => mark.cause),
    witness: marks.flatMap((mark, n) => (mark.witness ? [n] : [])),
  };
}

function totalsOf({ metrics, changes }: TimelineData['totals']): Record<string, unknown> {
  return {
    metrics,
    metric: changes.map((change) => change.metric),
    t: changes.map((change) => change.t),
    pay: changes.map((change) => change.pay),
    by: changes.map((change) => change.by),
  };
}

/** Witnesses first, then everything about payments that break something, then what went wrong, then the rest in order. */
function mostTelling(data: TimelineData, keep: number): TimelineMark[] {
  const rank = (mark: TimelineMark): number => {
    if (mark.witness) return 0;
    if (data.payments[mark.pay]?.failed === true) return 1;
    return mark.tone === 'bad' || mark.tone === 'doubt' ? 2 : 3;
  };
  return data.marks
    .map((mark) => ({ mark, rank: rank(mark) }))
    .sort((a, b) => a.rank - b.rank || a.mark.t - b.mark.t)
    .slice(0, keep)
    .map(({ mark }) => mark)
    .sort((a, b) => a.t - b.t || a.i - b.i);
}
