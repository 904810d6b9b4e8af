/**
 * The knee of a ramp: the rate from which on the p95 has left the line of the calm beginning and
 * does not come back to it. Below it more load means more work; above it, it means more waiting.
 */
import { percentile, merged } from './histogram.ts';
import { rateAt, type LoadProfile } from './lib/k6/profile.ts';
import type { Measurement } from './measure.ts';

/** Left the line: this many times the calm p95 … */
const TIMES = 2;
/** … and at least so many milliseconds above it: twice very little is still little. */
const AT_LEAST_MS = 100;
/** The first share of the run is the calm one. */
const CALM = 0.2;
/** Fewer samples have no p95; slices are put together until they have. */
const SAMPLES = 20;

export interface Knee {
  /** p95 of the calm beginning, milliseconds. */
  calmP95Ms: number;
  /** Operations per second at which the p95 left the line; null: up to the highest rate it did not. */
  perSecond: number | null;
  highestPerSecond: number;
}

/** Null for a profile whose rate does not rise all the time, or with too few samples to tell. */
export function kneeOf(profile: Pick<LoadProfile, 'startRate' | 'stages'>, { slices }: Measurement): Knee | null {
  const rates = [profile.startRate, ...profile.stages.map(({ rate }) => rate)];
  if (rates.some((rate, i) => i > 0 && rate <= (rates[i - 1] ?? 0))) return null;
  const points = pointsOf(slices);
  const end = profile.stages.reduce((sum, { seconds }) => sum + seconds, 0);
  const calm = slices.filter(({ second }) => second < end * CALM).map(({ observed }) => observed);
  const calmP95Ms = percentile(merged(calm), 0.95);
  if (calmP95Ms === null || merged(calm).count < SAMPLES || points.length < 3) return null;
  const line = Math.max(calmP95Ms * TIMES, calmP95Ms + AT_LEAST_MS);
  const last = points.findLastIndex(({ p95 }) => p95 <= line);
  const knee = points[last + 1];
  return {
    calmP95Ms,
    perSecond: knee === undefined ? null : rateAt(profile, knee.second),
    highestPerSecond: Math.max(...rates),
  };
}

function pointsOf(slices: Measurement['slices']): { second: number; p95: number }[] {
  const points: { second: number; p95: number }[] = [];
  let waiting: Measurement['slices'] = [];
  for (const slice of slices) {
    waiting = [...waiting, slice];
    const together = merged(waiting.map(({ observed }) => observed));
    if (together.count < SAMPLES) continue;
    points.push({ second: waiting[0]?.second ?? slice.second, p95: percentile(together, 0.95) ?? 0 });
    waiting = [];
  }
  return points;
}

/** As a sentence. */
export function kneeText({ calmP95Ms, perSecond, highestPerSecond }: Knee): string {
  const calm = `the p95 of the calm beginning is ${calmP95Ms.toFixed(0)} ms`;
  return perSecond === null
    ? `no knee up to ${highestPerSecond} operations per second (${calm})`
    : `the knee is at about ${perSecond.toFixed(0)} operations per second: from there on the p95 stays above twice that (${calm})`;
}
