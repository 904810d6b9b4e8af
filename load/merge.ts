/**
 * Several segments into one result. Percentiles come from the sum of the histograms; the verdict
 * is the worst of all, and the p95 of the profile is judged again over the whole.
 */
import { UserError } from '../kernel/index.ts';
import { mergeMeasurements } from './measure.ts';
import { slowGroups } from './of-operations.ts';
import type { InvariantLine, LoadResult } from './result.ts';
import { verdictOf } from './result.ts';

/** @throws UserError (254) for results that do not belong together. */
export function mergeResults(parts: readonly LoadResult[], p95Ms: number, outDir: string): LoadResult {
  const [first] = parts;
  if (first === undefined) throw new UserError('there is nothing to merge', 'Name the load.json of each segment.', 254);
  for (const { journey, profile, chaos } of parts)
    if (journey !== first.journey || profile !== first.profile || chaos !== first.chaos)
      throw new UserError(
        `${journey} with ${profile} and ${first.journey} with ${first.profile} are no parts of one run`,
        'Merge segments of one journey, profile and chaos.',
        254,
      );
  const segments = parts.map(({ segment }) => segment);
  const count = Number(first.segment.split('/')[1]);
  const missing = Array.from({ length: count }, (_, n) => `${n + 1}/${count}`).filter((one) => !segments.includes(one));
  if (missing.length > 0 || parts.length !== count)
    throw new UserError(
      `the segments ${segments.join(', ')} are not the ${count} parts of a whole`,
      missing.length > 0 ? `Missing: ${missing.join(', ')}.` : 'Name each segment once.',
      254,
    );
  const measurement = mergeMeasurements(parts.map((part) => part.measurement));
  const missed = [
    ...slowGroups(measurement, p95Ms),
    // What is a count or a share in one segment is missed in the whole as well.
    ...parts.flatMap((part) => part.missedThresholds.filter((one) => !one.includes('p(95)'))),
  ];
  const judged = parts.some(({ verdict }) => verdict === 'fail')
    ? 1
    : parts.some(({ verdict }) => verdict === 'unknown')
      ? 2
      : 0;
  return {
    ...first,
    ...verdictOf(judged, missed.length > 0),
    segment: `1-${count}/${count}`,
    measurement,
    missedThresholds: missed,
    stopped: parts.some(({ stopped }) => stopped),
    knee: null,
    comparison: null,
    faults: parts.flatMap(({ faults }) => faults),
    invariants: mergeInvariants(parts),
    credited: {
      deposits: parts.reduce((sum, { credited }) => sum + credited.deposits, 0),
      wrongly: parts.reduce((sum, { credited }) => sum + credited.wrongly, 0),
    },
    outDir,
  };
}

const WORST = ['fail', 'unknown', 'pass', 'not-applicable'];

function mergeInvariants(parts: readonly LoadResult[]): InvariantLine[] {
  return (parts[0]?.invariants ?? []).map((one) => {
    const same = parts.flatMap(({ invariants }) => invariants.filter(({ id }) => id === one.id));
    return {
      ...one,
      verdict: WORST.find((verdict) => same.some((line) => line.verdict === verdict)) ?? one.verdict,
      checked: same.reduce((sum, { checked }) => sum + checked, 0),
      violations: same.reduce((sum, { violations }) => sum + violations, 0),
      reason: same.map(({ reason }) => reason).find((reason) => reason !== '') ?? '',
    };
  });
}
