/**
 * The memory of a quality book: counts per PSP, operation and segment in which every minute weighs
 * half as much after a half-life. Knows nothing of what the counts mean.
 */
import { addCounts, noCounts, type Counts, type QualityBucket } from './observation.ts';
import { chainOf } from './segment.ts';

/** Less than that is forgotten. */
const SMALLEST_SUM = 0.001;

export interface Totals {
  get(key: string): Counts | undefined;
  /** The finest ones that were seen. */
  readonly segments: ReadonlySet<string>;
}

/** Sums in which what is old counts ever less; minutes are added once they no longer change. */
export class FadingSums {
  readonly #halfLifeMs: number;
  /** As of #settledTo. */
  #settled = new Map<string, { of: QualityBucket; counts: Counts }>();
  #settledTo = 0;

  constructor(halfLifeMs: number) {
    this.#halfLifeMs = halfLifeMs;
  }

  settle(buckets: readonly QualityBucket[], before: number): void {
    const fading = this.#fading(before - this.#settledTo);
    for (const [key, { counts, of }] of this.#settled) {
      const faded = noCounts();
      addCounts(faded, counts, fading);
      if (faded.calls + faded.approved + faded.declined < SMALLEST_SUM) this.#settled.delete(key);
      else this.#settled.set(key, { of, counts: faded });
    }
    this.#settledTo = before;
    for (const bucket of buckets) {
      const sum = this.#settled.get(keyOf(bucket)) ?? { of: bucket, counts: noCounts() };
      this.#settled.set(keyOf(bucket), sum);
      addCounts(sum.counts, bucket, this.#fading(before - bucket.minute));
    }
  }

  /** Faded counts by `psp|operation|segment`, for every segment of the chain of each observation. */
  totals(open: readonly QualityBucket[], minute: number): Totals {
    // First by the finest segments, of which there are few; then each into those above it.
    const finest = new Map<string, { of: QualityBucket; counts: Counts }>();
    const add = (key: string, of: QualityBucket, counts: Counts, weight: number): void => {
      let sum = finest.get(key);
      if (sum === undefined) {
        sum = { of, counts: noCounts() };
        finest.set(key, sum);
      }
      addCounts(sum.counts, counts, weight);
    };
    const settledWeight = this.#fading(minute - this.#settledTo);
    for (const [key, { of, counts }] of this.#settled) add(key, of, counts, settledWeight);
    for (const bucket of open) add(keyOf(bucket), bucket, bucket, this.#fading(minute - bucket.minute));
    const totals = new Map<string, Counts>();
    const segments = new Set<string>();
    for (const { of, counts } of finest.values()) {
      segments.add(of.segment);
      for (const segment of new Set(chainOf(of.segment))) {
        const key = `${of.psp}|${of.operation}|${segment}`;
        const sum = totals.get(key) ?? noCounts();
        totals.set(key, sum);
        addCounts(sum, counts);
      }
    }
    return { get: (key) => totals.get(key), segments };
  }

  #fading(ageMs: number): number {
    return 0.5 ** (Math.max(0, ageMs) / this.#halfLifeMs);
  }
}

export function keyOf({ psp, operation, segment }: QualityBucket): string {
  return `${psp}|${operation}|${segment}`;
}
