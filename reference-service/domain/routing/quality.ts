/**
 * Quality: what the observations say about each PSP, per segment, now.
 *
 * Old minutes fade with a half-life. A segment with few payments borrows from the coarser ones:
 * its prior is what everybody gets in this segment, moved by how much better or worse the PSP
 * does than everybody in the coarser segment. So a PSP that is known to be good is expected to
 * be good in a country where it was hardly tried, and a hard country is hard for all.
 *
 * Conversion is neutral to the issuers because PSPs are compared within one segment only: the
 * same method, country and currency brings the same mixture of issuers to all of them.
 */
import type { PspOperation } from '../circuit-breaker.ts';
import { addCounts, MINUTE_MS, minuteOf, noCounts, p95Of, type Counts, type QualityBucket } from './observation.ts';
import { chainOf } from './segment.ts';

/** What a router believes of one PSP in one segment. Shares of one. */
export interface Estimate {
  conversion: number;
  /** Standard deviation of that belief. */
  deviation: number;
  /** Faded number of outcomes behind it. */
  trials: number;
  technical: number;
  challengeFailed: number;
  p95Ms: number | null;
}

export interface QualityView {
  /** In the order of the PSPs that the book was made for. */
  estimates(operation: PspOperation, segment: string): readonly Estimate[];
}

/** Outcomes that the belief in the coarser segment is worth: about what an hour of a quiet segment brings. */
const BORROWED_TRIALS = 30;

/** Before any payment was seen anywhere. */
const UNKNOWN_CONVERSION = 0.85;
const UNKNOWN_TRIALS = 10;

/** Minutes that may still change: clocks of processes differ, and the last one is not over. */
export const OPEN_MINUTES = 6;

/** What was told lately is asked again: another process may have added to it. */
const OVERLAP_MINUTES = 2;

/** Beyond this age an observation weighs less than a five-hundredth. */
export const HALF_LIVES_KEPT = 9;

/** Latency has a class per call: a few calls make no percentile. */
const FEWEST_CALLS_FOR_P95 = 5;

export class QualityBook {
  readonly #psps: readonly string[];
  readonly #halfLifeMs: number;
  /** Faded sums of the minutes before #settledTo, as of that minute. Key: psp, operation, segment. */
  #settled = new Map<string, { of: QualityBucket; counts: Counts }>();
  #settledTo = 0;
  #learnedAt = 0;
  #open = new Map<string, QualityBucket>();

  constructor(psps: readonly string[], halfLifeMs: number) {
    this.#psps = psps;
    this.#halfLifeMs = halfLifeMs;
  }

  /** The earliest minute that `learn` still wants to be told about at `nowMs`. */
  wantedFrom(nowMs: number): number {
    const first = minuteOf(nowMs - HALF_LIVES_KEPT * this.#halfLifeMs);
    return Math.max(first, this.#settledTo, minuteOf(this.#learnedAt) - OVERLAP_MINUTES * MINUTE_MS);
  }

  /** Takes buckets as they are now; a bucket that is told again replaces the earlier telling. */
  learn(buckets: readonly QualityBucket[], nowMs: number): void {
    for (const bucket of buckets) {
      if (bucket.minute >= this.#settledTo) this.#open.set(`${bucket.minute}|${keyOf(bucket)}`, bucket);
    }
    this.#learnedAt = nowMs;
    this.#settle(minuteOf(nowMs) - OPEN_MINUTES * MINUTE_MS);
  }

  /** Raw counts of the last minutes, for levels and for people. */
  recent(nowMs: number, minutes: number): { psp: string; operation: PspOperation; counts: Counts }[] {
    const since = minuteOf(nowMs) - minutes * MINUTE_MS;
    const sums = new Map<string, { psp: string; operation: PspOperation; counts: Counts }>();
    for (const bucket of this.#open.values()) {
      if (bucket.minute < since) continue;
      const { psp, operation } = bucket;
      const sum = sums.get(`${psp}|${operation}`) ?? { psp, operation, counts: noCounts() };
      sums.set(`${psp}|${operation}`, sum);
      addCounts(sum.counts, bucket);
    }
    return [...sums.values()];
  }

  view(nowMs: number): QualityView {
    const totals = this.#totals(nowMs);
    const known = new Map<string, readonly Estimate[]>();
    return {
      estimates: (operation, segment) => {
        const key = `${operation}|${segment}`;
        let found = known.get(key);
        if (found === undefined) {
          found = this.#estimate(totals, operation, segment);
          known.set(key, found);
        }
        return found;
      },
    };
  }

  #settle(before: number): void {
    if (before <= this.#settledTo) return;
    const fading = this.#fading(before - this.#settledTo);
    for (const [key, { counts, of }] of this.#settled) {
      const faded = noCounts();
      addCounts(faded, counts, fading);
      if (faded.calls + faded.approved + faded.declined < 0.001) this.#settled.delete(key);
      else this.#settled.set(key, { of, counts: faded });
    }
    this.#settledTo = before;
    for (const [key, bucket] of this.#open) {
      if (bucket.minute >= before) continue;
      this.#open.delete(key);
      const sum = this.#settled.get(keyOf(bucket)) ?? { of: bucket, counts: noCounts() };
      this.#settled.set(keyOf(bucket), sum);
      addCounts(sum.counts, bucket, this.#fading(before - bucket.minute));
    }
  }

  #fading(ageMs: number): number {
    return 0.5 ** (Math.max(0, ageMs) / this.#halfLifeMs);
  }

  /** Faded counts by `psp|operation|segment`, for every segment of the chain of each observation. */
  #totals(nowMs: number): Map<string, Counts> {
    const totals = new Map<string, Counts>();
    const add = (bucket: QualityBucket, counts: Counts, weight: number): void => {
      for (const segment of new Set(chainOf(bucket.segment))) {
        const key = `${bucket.psp}|${bucket.operation}|${segment}`;
        const sum = totals.get(key) ?? noCounts();
        totals.set(key, sum);
        addCounts(sum, counts, weight);
      }
    };
    const settledWeight = this.#fading(minuteOf(nowMs) - this.#settledTo);
    for (const { of, counts } of this.#settled.values()) add(of, counts, settledWeight);
    for (const bucket of this.#open.values()) add(bucket, bucket, this.#fading(minuteOf(nowMs) - bucket.minute));
    return totals;
  }

  #estimate(totals: Map<string, Counts>, operation: PspOperation, segment: string): readonly Estimate[] {
    const none = noCounts();
    const countsOf = (part: string): Counts[] =>
      this.#psps.map((psp) => totals.get(`${psp}|${operation}|${part}`) ?? none);
    // Everybody's mean, and each PSP's, from coarse to fine.
    let all = UNKNOWN_CONVERSION;
    let own = this.#psps.map(() => UNKNOWN_CONVERSION);
    let allTrials = UNKNOWN_TRIALS;
    for (const part of new Set(chainOf(segment))) {
      const counts = countsOf(part);
      const sum = noCounts();
      for (const one of counts) addCounts(sum, one);
      const allHere = (sum.approved + allTrials * all) / (trialsOf(sum) + allTrials);
      const before = all;
      const ownBefore = own;
      own = counts.map((one, index) => {
        const prior = clamp(allHere + (ownBefore[index] ?? before) - before);
        return (one.approved + BORROWED_TRIALS * prior) / (trialsOf(one) + BORROWED_TRIALS);
      });
      all = allHere;
      allTrials = BORROWED_TRIALS;
    }
    const finest = countsOf(segment);
    const wide = countsOf(chainOf(segment)[0]);
    return finest.map((counts, index) => {
      const mean = own[index] ?? all;
      const trials = trialsOf(counts);
      // Speed and trouble are the PSP's own and hardly the segment's: thin segments ask the whole method.
      const told = counts.calls >= FEWEST_CALLS_FOR_P95 ? counts : (wide[index] ?? counts);
      return {
        conversion: mean,
        deviation: Math.sqrt((mean * (1 - mean)) / (trials + BORROWED_TRIALS + 1)),
        trials,
        technical: told.calls > 0 ? Math.min(1, (told.technical + told.declinedTechnically) / told.calls) : 0,
        challengeFailed: told.challenged > 0 ? Math.min(1, told.challengeFailed / told.challenged) : 0,
        p95Ms: told.calls >= FEWEST_CALLS_FOR_P95 ? p95Of(told) : null,
      };
    });
  }
}

/** Outcomes that say something about conversion. An abandoned challenge is one; a call in doubt is one as well. */
function trialsOf(counts: Readonly<Counts>): number {
  return counts.approved + counts.declined + counts.declinedTechnically + counts.technical + counts.challengeFailed;
}

function clamp(share: number): number {
  return Math.min(0.999, Math.max(0.001, share));
}

function keyOf({ psp, operation, segment }: QualityBucket): string {
  return `${psp}|${operation}|${segment}`;
}
