/**
 * Tally: counts of one process until they are written. One entry per minute, PSP, operation and
 * segment, however many payments there were.
 */
import type { PspOperation } from '../circuit-breaker.ts';
import { addCounts, latencyClass, minuteOf, noCounts, type QualityBucket } from './observation.ts';

interface Seen {
  psp: string;
  operation: PspOperation;
  segment: string;
}

/** A call that ended, or an attempt whose fate became known. */
export type Observed =
  | (Seen & { kind: 'call'; latencyMs: number; failed: boolean; slow: boolean })
  | (Seen & { kind: 'approved' | 'declined' | 'declinedTechnically' | 'challenged' | 'challengeFailed' });

export class ObservationTally {
  #buckets = new Map<string, QualityBucket>();

  add(seen: Observed, nowMs: number): void {
    const bucket = this.#bucket(seen, minuteOf(nowMs));
    if (seen.kind !== 'call') {
      bucket[seen.kind] += 1;
      return;
    }
    bucket.calls += 1;
    if (seen.failed) bucket.technical += 1;
    if (seen.slow) bucket.slow += 1;
    const place = latencyClass(seen.latencyMs);
    bucket.latency[place] = (bucket.latency[place] ?? 0) + 1;
  }

  /** All that was counted, in a fixed order, and begins anew. */
  take(): QualityBucket[] {
    const taken = [...this.#buckets].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, bucket]) => bucket);
    this.#buckets = new Map();
    return taken;
  }

  /** What could not be written is counted on. */
  giveBack(buckets: readonly QualityBucket[]): void {
    for (const bucket of buckets) addCounts(this.#bucket(bucket, bucket.minute), bucket);
  }

  #bucket({ psp, operation, segment }: Seen, minute: number): QualityBucket {
    const key = `${minute}|${psp}|${operation}|${segment}`;
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    const bucket = { minute, psp, operation, segment, ...noCounts() };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
