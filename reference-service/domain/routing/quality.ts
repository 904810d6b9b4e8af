/**
 * Quality: what the observations say about each PSP, per segment, now.
 *
 * Old minutes fade with a half-life. A segment with few payments borrows from the coarser ones:
 * its prior is what everybody gets in this segment, moved by how much better or worse the PSP
 * does than everybody in the coarser segment. So a PSP that is known to be good is expected to
 * be good in a country where it was hardly tried, and a hard country is hard for all.
 *
 * There are two memories. The habit fades over hours; the present fades over minutes and starts
 * from the habit. So a PSP that was left for its habit is not tried anew every half hour, and
 * one that has trouble now is left at once.
 *
 * Conversion is neutral to the issuers because PSPs are compared within one segment only: the
 * same method, country and currency brings the same mixture of issuers to all of them.
 */
import type { PspOperation } from '../circuit-breaker.ts';
import { FadingSums, keyOf, type Totals } from './fading-sums.ts';
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

/** Outcomes that a PSP's habit of the last hours is worth against what it does now, at most. */
const HABIT_TRIALS = 60;

/** Habits fade this much slower than the present. */
const HABIT_HALF_LIVES = 8;

/** Before any payment was seen anywhere. */
const UNKNOWN_CONVERSION = 0.85;
const UNKNOWN_TRIALS = 10;

/** Minutes that may still change: clocks of processes differ, and the last one is not over. */
export const OPEN_MINUTES = 6;

/** What was told lately is asked again: another process may have added to it. */
const OVERLAP_MINUTES = 2;

/** Beyond this age an observation weighs a sixteenth as a habit, and nothing as the present. */
export const HALF_LIVES_KEPT = 4 * HABIT_HALF_LIVES;

/** Latency has a class per call: a few calls make no percentile. */
const FEWEST_CALLS_FOR_P95 = 5;

interface Moves {
  of(pspIndex: number, method: string): number;
}

export class QualityBook {
  readonly #psps: readonly string[];
  readonly #present: FadingSums;
  readonly #habit: FadingSums;
  readonly #keptMs: number;
  #settledTo = 0;
  #learnedAt = 0;
  #open = new Map<string, QualityBucket>();

  constructor(psps: readonly string[], halfLifeMs: number) {
    this.#psps = psps;
    this.#present = new FadingSums(halfLifeMs);
    this.#habit = new FadingSums(HABIT_HALF_LIVES * halfLifeMs);
    this.#keptMs = HALF_LIVES_KEPT * halfLifeMs;
  }

  /** The earliest minute that `learn` still wants to be told about at `nowMs`. */
  wantedFrom(nowMs: number): number {
    const first = minuteOf(nowMs - this.#keptMs);
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
    const open = [...this.#open.values()];
    const present = this.#present.totals(open, minuteOf(nowMs));
    const habit = this.#habit.totals(open, minuteOf(nowMs));
    const known = new Map<string, readonly Estimate[]>();
    const moves = new Map<PspOperation, Moves>();
    return {
      estimates: (operation, segment) => {
        const key = `${operation}|${segment}`;
        let found = known.get(key);
        if (found === undefined) {
          const moved = moves.get(operation) ?? this.#moves({ present, habit }, operation);
          moves.set(operation, moved);
          found = this.#estimate({ present, habit, moved }, operation, segment);
          known.set(key, found);
        }
        return found;
      },
    };
  }

  #settle(before: number): void {
    if (before <= this.#settledTo) return;
    this.#settledTo = before;
    const over = [...this.#open].filter(([, { minute }]) => minute < before);
    for (const [key] of over) this.#open.delete(key);
    const buckets = over.map(([, bucket]) => bucket);
    this.#present.settle(buckets, before);
    this.#habit.settle(buckets, before);
  }

  #estimate(
    { present, habit, moved }: { present: Totals; habit: Totals; moved: Moves },
    operation: PspOperation,
    segment: string,
  ): readonly Estimate[] {
    const habits = this.#habits(habit, operation, segment);
    const method = chainOf(segment)[0];
    const countsOf = (totals: Totals, part: string): Counts[] =>
      this.#psps.map((psp) => totals.get(`${psp}|${operation}|${part}`) ?? NONE);
    const lately = countsOf(habit, segment);
    const wide = countsOf(present, method);
    return countsOf(present, segment).map((counts, index) => {
      const trials = trialsOf(counts);
      const weight = Math.min(HABIT_TRIALS, BORROWED_TRIALS + trialsOf(lately[index] ?? NONE));
      const prior = clamp((habits[index] ?? UNKNOWN_CONVERSION) + moved.of(index, method));
      const mean = (counts.approved + weight * prior) / (trials + weight);
      // Speed and trouble are the PSP's own and hardly the segment's: thin segments ask the whole method.
      const told = counts.calls >= FEWEST_CALLS_FOR_P95 ? counts : (wide[index] ?? counts);
      return {
        conversion: mean,
        deviation: Math.sqrt((mean * (1 - mean)) / (trials + weight + 1)),
        trials,
        technical: told.calls > 0 ? Math.min(1, (told.technical + told.declinedTechnically) / told.calls) : 0,
        challengeFailed: told.challenged > 0 ? Math.min(1, told.challengeFailed / told.challenged) : 0,
        p95Ms: told.calls >= FEWEST_CALLS_FOR_P95 ? p95Of(told) : null,
      };
    });
  }

  /**
   * How far each PSP is from its habits now, all over and beyond that in each method: trouble that
   * shows in a busy segment is expected in the quiet ones.
   */
  #moves({ present, habit }: { present: Totals; habit: Totals }, operation: PspOperation): Moves {
    const segments = [...present.segments].sort().map((segment) => ({
      segment,
      method: chainOf(segment)[0],
      habits: this.#habits(habit, operation, segment),
    }));
    const methods = [...new Set(segments.map(({ method }) => method))];
    const byPsp = this.#psps.map((psp, index) => {
      const move = (of: readonly (typeof segments)[number][], already: number): number => {
        let surplus = 0;
        let trials = 0;
        for (const { segment, habits } of of) {
          const counts = present.get(`${psp}|${operation}|${segment}`);
          if (counts === undefined) continue;
          const here = trialsOf(counts);
          trials += here;
          surplus += counts.approved - here * ((habits[index] ?? 0) + already);
        }
        return surplus / (trials + BORROWED_TRIALS);
      };
      const overall = move(segments, 0);
      return new Map(
        methods.map((method) => [
          method,
          overall +
            move(
              segments.filter((one) => one.method === method),
              overall,
            ),
        ]),
      );
    });
    return { of: (index, method) => byPsp[index]?.get(method) ?? 0 };
  }

  /** Each PSP's habitual conversion in the segment: everybody's mean and its own, from coarse to fine. */
  #habits(totals: Totals, operation: PspOperation, segment: string): number[] {
    let all = UNKNOWN_CONVERSION;
    let allTrials = UNKNOWN_TRIALS;
    let own = this.#psps.map(() => UNKNOWN_CONVERSION);
    for (const part of new Set(chainOf(segment))) {
      const counts = this.#psps.map((psp) => totals.get(`${psp}|${operation}|${part}`) ?? NONE);
      const sum = noCounts();
      for (const one of counts) addCounts(sum, one);
      const allHere = (sum.approved + allTrials * all) / (trialsOf(sum) + allTrials);
      const before = all;
      own = counts.map((one, index) => {
        const prior = clamp(allHere + (own[index] ?? before) - before);
        return (one.approved + BORROWED_TRIALS * prior) / (trialsOf(one) + BORROWED_TRIALS);
      });
      all = allHere;
      allTrials = BORROWED_TRIALS;
    }
    return own;
  }
}

const NONE: Readonly<Counts> = noCounts();

/** Outcomes that say something about conversion. An abandoned challenge is one; a call in doubt is one as well. */
function trialsOf(counts: Readonly<Counts>): number {
  return counts.approved + counts.declined + counts.declinedTechnically + counts.technical + counts.challengeFailed;
}

function clamp(share: number): number {
  return Math.min(0.999, Math.max(0.001, share));
}
