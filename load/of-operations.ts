/** A result from lines of operations alone, as pods of a cluster leave them: measured, and judged by nobody. */
import { readProfile } from './choices.ts';
import { percentile } from './histogram.ts';
import type { OperationLine } from './lib/k6/operation-line.ts';
import { thisMachine } from './machine.ts';
import { measure, type Measurement } from './measure.ts';
import type { LoadResult } from './result.ts';

/** The p95 of each PSP and method against that of the profile; the invariants were not judged. */
export function ofOperations(lines: readonly OperationLine[], profile: string, outDir: string): LoadResult {
  const { p95Ms } = readProfile(profile);
  const times = lines.map(({ at }) => at);
  const latest = times.reduce((most, at) => Math.max(most, at), 0);
  const earliest = times.reduce((least, at) => Math.min(least, at), Infinity);
  const seconds = Math.max(1, Math.ceil((latest - earliest) / 1000));
  const measurement = measure(lines, Math.max(1, Math.ceil(seconds / 120)), () => undefined);
  return {
    ...{ schema: 1, verdict: 'unknown', exitCode: 2, journey: 'pods', profile, chaos: null, target: null },
    ...{ stopped: false, segment: '1/1', machine: thisMachine('k6 of the pods'), seconds, measurement },
    ...{ missedThresholds: slowGroups(measurement, p95Ms), knee: null, comparison: null, faults: [], invariants: [] },
    credited: { deposits: lines.filter(({ kind }) => kind === 'deposit').length, wrongly: 0 },
    outDir,
  };
}

/** One sentence per PSP and method whose p95 is not below the profile's. */
export function slowGroups({ groups }: Measurement, p95Ms: number): string[] {
  return groups.flatMap((group) => {
    const p95 = percentile(group.observed, 0.95) ?? Infinity;
    if (p95 < p95Ms) return [];
    return [`${group.kind} ${group.psp} ${group.method}: p95 ${p95.toFixed(0)} ms, not below ${p95Ms}`];
  });
}
