/**
 * Counts what a load run measured, from the lines of its operations alone: latencies by PSP and
 * method, their course over time, errors. Everything adds up across segments.
 */
import { addTo, emptyHistogram, merged, type Histogram } from './histogram.ts';
import type { OperationLine } from './lib/k6/operation-line.ts';

export interface Group {
  kind: 'deposit' | 'payout';
  psp: string;
  method: string;
  started: number;
  /** Within the budget. */
  done: number;
  /** As clients saw it; what was not done counts as the budget. */
  observed: Histogram;
  /** By the service's own times. */
  server: Histogram;
  /** Of that: spent inside the simulated PSP while it was asked to begin. */
  atPsp: Histogram;
  /** Of that: what the simulation itself costs, beyond the latency that was meant. */
  simulator: Histogram;
  /** As clients saw it, without what the simulation costs. */
  withoutSimulator: Histogram;
  /** The service's time without the PSP's. */
  own: Histogram;
}

export interface Slice {
  /** Seconds since the first operation was due. */
  second: number;
  started: number;
  done: number;
  observed: Histogram;
}

export interface Measurement {
  groups: Group[];
  /** One per `sliceSeconds`, by when operations were due to start. */
  slices: Slice[];
  sliceSeconds: number;
  /** How often each reason was the end of an operation. */
  errors: Record<string, number>;
}

const HISTOGRAMS = ['observed', 'server', 'atPsp', 'simulator', 'withoutSimulator', 'own'] as const;

/** Milliseconds inside the PSP for one operation, and how many of them were meant as its latency. */
export interface AtPsp {
  ms: number;
  meantMs: number;
}

/** `atPsp` tells what the PSP took for an operation, by its id. */
export function measure(
  lines: readonly OperationLine[],
  sliceSeconds: number,
  atPsp: (id: string) => AtPsp | undefined,
): Measurement {
  const groups = new Map<string, Group>();
  const slices = new Map<number, Slice>();
  const errors: Record<string, number> = {};
  const begin = lines.reduce((least, { at }) => Math.min(least, at), Infinity);
  for (const line of lines) {
    const group = groupOf(groups, line);
    const second = Math.floor((line.at - begin) / 1000 / sliceSeconds) * sliceSeconds;
    const slice = slices.get(second) ?? { second, started: 0, done: 0, observed: emptyHistogram() };
    slices.set(second, slice);
    for (const place of [group, slice]) {
      place.started += 1;
      if (line.done) place.done += 1;
      addTo(place.observed, line.observedMs);
    }
    if (line.serverMs !== undefined) addTo(group.server, line.serverMs);
    if (line.done) addPart(group, line, atPsp(line.id));
    if (!line.done) {
      const reason = line.error !== '' ? line.error : line.http === 0 ? 'no answer' : `still ${line.status}`;
      errors[reason] = (errors[reason] ?? 0) + 1;
    }
  }
  return { groups: sorted(groups), slices: inOrder(slices), sliceSeconds, errors };
}

function addPart(group: Group, { observedMs, serverMs }: OperationLine, part: AtPsp | undefined): void {
  if (part === undefined) return;
  const costs = Math.max(0, part.ms - part.meantMs);
  addTo(group.atPsp, part.ms);
  addTo(group.simulator, costs);
  addTo(group.withoutSimulator, Math.max(0, observedMs - costs));
  if (serverMs !== undefined) addTo(group.own, Math.max(0, serverMs - part.ms));
}

/** The measurement of all parts together. */
/**
 * A count over time, per second. The last slice may be only a part of one; what started when the
 * load had ended (the last operation often does) has no time of its own and no point.
 */
export function perSecond(
  { slices, sliceSeconds }: Pick<Measurement, 'slices' | 'sliceSeconds'>,
  seconds: number,
  count: (slice: Slice) => number,
): { second: number; value: number }[] {
  return slices
    .filter(({ second }) => second < seconds)
    .map((slice) => ({
      second: slice.second,
      value: count(slice) / Math.min(sliceSeconds, seconds - slice.second),
    }));
}

export function mergeMeasurements(parts: readonly Measurement[]): Measurement {
  const groups = new Map<string, Group>();
  const slices = new Map<number, Slice>();
  const errors: Record<string, number> = {};
  for (const part of parts) {
    for (const one of part.groups) {
      const sum = groupOf(groups, one);
      sum.started += one.started;
      sum.done += one.done;
      for (const name of HISTOGRAMS) sum[name] = merged([sum[name], one[name]]);
    }
    for (const one of part.slices) {
      const sum = slices.get(one.second) ?? { second: one.second, started: 0, done: 0, observed: emptyHistogram() };
      slices.set(one.second, {
        second: one.second,
        started: sum.started + one.started,
        done: sum.done + one.done,
        observed: merged([sum.observed, one.observed]),
      });
    }
    for (const [reason, n] of Object.entries(part.errors)) errors[reason] = (errors[reason] ?? 0) + n;
  }
  return { groups: sorted(groups), slices: inOrder(slices), sliceSeconds: parts[0]?.sliceSeconds ?? 1, errors };
}

function groupOf(groups: Map<string, Group>, { kind, psp, method }: Pick<Group, 'kind' | 'psp' | 'method'>): Group {
  const name = `${kind} ${psp} ${method}`;
  const found = groups.get(name) ?? {
    ...{ kind, psp, method, started: 0, done: 0 },
    ...{ observed: emptyHistogram(), server: emptyHistogram(), atPsp: emptyHistogram(), own: emptyHistogram() },
    ...{ simulator: emptyHistogram(), withoutSimulator: emptyHistogram() },
  };
  groups.set(name, found);
  return found;
}

function sorted(groups: Map<string, Group>): Group[] {
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function inOrder(slices: Map<number, Slice>): Slice[] {
  return [...slices.values()].sort((a, b) => a.second - b.second);
}
