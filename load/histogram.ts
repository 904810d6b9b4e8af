/**
 * A histogram whose buckets grow by 1 %: any percentile is true within half a percent, and two
 * histograms add up to that of all samples. Percentiles themselves cannot be averaged.
 */

/** From one bucket's lower bound to the next. */
const GROWTH = 1.01;
const LOG_GROWTH = Math.log(GROWTH);
/** Below this (milliseconds) nobody cares. */
const SMALLEST = 0.1;

export interface Histogram {
  count: number;
  max: number;
  /** Samples by number of the bucket; what is not listed is 0. */
  buckets: Record<string, number>;
}

export function emptyHistogram(): Histogram {
  return { count: 0, max: 0, buckets: {} };
}

/** Adds one value in milliseconds. */
export function addTo(histogram: Histogram, ms: number): void {
  const bucket = String(ms < SMALLEST ? 0 : 1 + Math.floor(Math.log(ms / SMALLEST) / LOG_GROWTH));
  histogram.count += 1;
  histogram.max = Math.max(histogram.max, ms);
  histogram.buckets[bucket] = (histogram.buckets[bucket] ?? 0) + 1;
}

export function histogramOf(values: Iterable<number>): Histogram {
  const histogram = emptyHistogram();
  for (const value of values) addTo(histogram, value);
  return histogram;
}

export function merged(histograms: readonly Histogram[]): Histogram {
  const sum = emptyHistogram();
  for (const { count, max, buckets } of histograms) {
    sum.count += count;
    sum.max = Math.max(sum.max, max);
    for (const [bucket, n] of Object.entries(buckets)) sum.buckets[bucket] = (sum.buckets[bucket] ?? 0) + n;
  }
  return sum;
}

/** The value (milliseconds) that the share `q` of samples does not exceed; null without samples. */
export function percentile(histogram: Histogram, q: number): number | null {
  const rank = Math.max(1, Math.ceil(histogram.count * q));
  let seen = 0;
  for (const [bucket, n] of Object.entries(histogram.buckets).sort(([a], [b]) => Number(a) - Number(b))) {
    seen += n;
    if (seen < rank) continue;
    const number = Number(bucket);
    const middle = number === 0 ? 0 : SMALLEST * GROWTH ** (number - 0.5);
    return Math.min(middle, histogram.max);
  }
  return null;
}
