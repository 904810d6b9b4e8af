/**
 * A stored baseline: the percentiles of an earlier run, and whether a later one became slower.
 * Numbers of two machines or of two kinds of load are never compared: then a sentence says why.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../kernel/index.ts';
import type { Machine } from './machine.ts';
import { rowsOf, verdictOf, type LoadResult, type Row } from './result.ts';

/** Slower: by more than this share … */
const SHARE = 0.2;
/** … and by more than this many milliseconds. */
const LEAST_MS = 50;
/** Fewer samples have no p95 to compare. */
const SAMPLES = 20;

/** Same load, so same numbers: of these all must agree. */
const SAME = ['journey', 'profile', 'chaos', 'target', 'segment', 'seconds'] as const;

export interface Baseline extends Pick<LoadResult, (typeof SAME)[number]> {
  schema: 1;
  machine: Machine;
  rows: Row[];
}

export interface ComparedRow {
  what: string;
  before: number;
  now: number;
  /** p95 of the service's own time, the simulated PSP's taken off; null where it is not known. */
  ownBefore: number | null;
  ownNow: number | null;
  slower: boolean;
}

export type Comparison = { file: string } & ({ compared: ComparedRow[] } | { notCompared: string });

/** A folder has one file for each journey, profile, chaos and target. */
export function baselineFile(
  place: string,
  result: Pick<LoadResult, 'journey' | 'profile' | 'chaos' | 'target'>,
): string {
  const { journey, profile, chaos, target } = result;
  if (place.endsWith('.json')) return place;
  return join(place, `${[journey, profile, chaos ?? [], target ?? []].flat().join('-')}.json`);
}

export function saveBaseline(place: string, result: LoadResult): string {
  if (result.stopped) throw new UserError('a run that was stopped is no baseline', 'Run it to its end.', 2);
  const file = baselineFile(place, result);
  const { journey, profile, chaos, target, segment, seconds, machine } = result;
  const kept: Baseline = {
    ...{ schema: 1, journey, profile, chaos, target, segment, seconds, machine },
    rows: rowsOf(result.measurement),
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  return file;
}

/** @throws UserError (254) when there is none, or what is there is none. */
export function readBaseline(
  place: string,
  result: Pick<LoadResult, 'journey' | 'profile' | 'chaos' | 'target'>,
): { file: string; baseline: Baseline } {
  const file = baselineFile(place, result);
  if (!existsSync(file) || !statSync(file).isFile())
    throw new UserError(`there is no baseline ${file}`, 'Store one first: --save-baseline with the same load.', 254);
  try {
    const baseline = JSON.parse(readFileSync(file, 'utf8')) as Partial<Baseline>;
    if (baseline.schema === 1 && Array.isArray(baseline.rows)) return { file, baseline: baseline as Baseline };
  } catch {
    // What is no JSON is no baseline either.
  }
  throw new UserError(`${file} is no baseline of a load run`, 'Store one with --save-baseline.', 254);
}

export function compare({ file, baseline }: { file: string; baseline: Baseline }, result: LoadResult): Comparison {
  if (baseline.machine.fingerprint !== result.machine.fingerprint) {
    const { cpu, cores, node, k6, fingerprint } = baseline.machine;
    return {
      file,
      notCompared: `the baseline was measured on another machine (${fingerprint}: ${cpu}, ${cores} cores, Node ${node}, ${k6}); this one is ${result.machine.fingerprint}: store a baseline of this machine with --save-baseline`,
    };
  }
  const other = SAME.filter((name) => baseline[name] !== result[name]);
  if (other.length > 0)
    return {
      file,
      notCompared: `the baseline is of another load: ${other.map((name) => `${name} was ${baseline[name] ?? 'none'}, now ${result[name] ?? 'none'}`).join('; ')}`,
    };
  if (result.stopped) return { file, notCompared: 'the run was stopped before it was over' };
  const before = new Map(baseline.rows.map((row) => [row.what, row]));
  return { file, compared: rowsOf(result.measurement).flatMap((row) => comparedRow(before.get(row.what), row)) };
}

function comparedRow(before: Row | undefined, now: Row): ComparedRow[] {
  if (before === undefined || before.p95 === null || now.p95 === null) return [];
  if (Math.min(before.started, now.started) < SAMPLES) return [];
  const slower = isSlower(before.p95, now.p95) || isSlower(before.ownP95, now.ownP95);
  return [{ what: now.what, before: before.p95, now: now.p95, ownBefore: before.ownP95, ownNow: now.ownP95, slower }];
}

function isSlower(before: number | null, now: number | null): boolean {
  return before !== null && now !== null && now > before * (1 + SHARE) && now > before + LEAST_MS;
}

/** One sentence per operation that became slower: thresholds that were missed. */
export function slowerThanBaseline(comparison: Comparison): string[] {
  if (!('compared' in comparison)) return [];
  return comparison.compared
    .filter(({ slower }) => slower)
    .map(({ what, before, now, ownBefore, ownNow }) => {
      const own =
        ownBefore === null || ownNow === null ? '' : `, own ${ownBefore.toFixed(0)} → ${ownNow.toFixed(0)} ms`;
      return `${what}: p95 ${before.toFixed(0)} → ${now.toFixed(0)} ms${own}, more than 20 % and 50 ms slower than the baseline`;
    });
}

/** The result with its comparison; what became slower is a missed threshold. */
export function withComparison(result: LoadResult, comparison: Comparison): LoadResult {
  const slower = slowerThanBaseline(comparison);
  const missedThresholds = [...result.missedThresholds, ...slower];
  const verdict = slower.length > 0 && result.verdict === 'pass' ? verdictOf(0, true) : {};
  return { ...result, ...verdict, missedThresholds, comparison };
}
