/**
 * A world of five PSPs whose quality is known and changes: what the router is measured against.
 *
 *   base of the segment + habit of the PSP + habit of the PSP in the segment
 *     + drift (a slow walk of its own for each PSP and segment)
 *     − degradations (a method of a PSP gets worse for a while) − outages (all of it fails)
 *
 * Every number comes from the seed; the router sees outcomes only.
 */
import { createKeyedRandom, type Random } from '../../kernel/index.ts';

export const PSPS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'] as const;

export interface Segment {
  method: 'card' | 'ewallet' | 'bank';
  country: string;
  currency: string;
  /** Share of all payments. */
  share: number;
  /** What an average PSP gets through. */
  base: number;
}

export const SEGMENTS: readonly Segment[] = [
  { method: 'card', country: 'DE', currency: 'EUR', share: 0.34, base: 0.88 },
  { method: 'card', country: 'ES', currency: 'EUR', share: 0.2, base: 0.85 },
  { method: 'card', country: 'BR', currency: 'BRL', share: 0.14, base: 0.74 },
  { method: 'ewallet', country: 'DE', currency: 'EUR', share: 0.12, base: 0.92 },
  { method: 'bank', country: 'DE', currency: 'EUR', share: 0.1, base: 0.83 },
  { method: 'bank', country: 'ES', currency: 'EUR', share: 0.06, base: 0.8 },
  { method: 'ewallet', country: 'BR', currency: 'BRL', share: 0.04, base: 0.86 },
];

/** Spread between PSPs, and of one PSP between segments; standard deviations of shares. */
const PSP_SPREAD = 0.03;
const SEGMENT_SPREAD = 0.025;

/** The drift's spread, and the time in which it forgets itself. */
const DRIFT_SPREAD = 0.025;
const DRIFT_MINUTES = 180;

/** Per PSP and day. */
const DEGRADATIONS_PER_DAY = 4;
const OUTAGES_PER_DAY = 2;

interface Trouble {
  psp: number;
  /** Null: every method. */
  method: Segment['method'] | null;
  fromMinute: number;
  toMinute: number;
  /** Of what got through, this share is lost. */
  loss: number;
}

export interface World {
  readonly troubles: readonly Trouble[];
  readonly random: Random;
  /** Probability that a payment of the segment gets through at the PSP in this minute. */
  success(psp: number, segment: number, minute: number): number;
  /** The part of all failures there that is technical. */
  technicalShare(psp: number, segment: number, minute: number): number;
  /** Payments per second at this time: quiet nights, busy evenings. */
  rate(minute: number): number;
}

export function createWorld(seed: string, minutes: number): World {
  const random = createKeyedRandom(`routing:${seed}`);
  const troubles = troublesOf(random, minutes);
  const drift = PSPS.map((psp) => SEGMENTS.map((_, segment) => walk(random, `${psp}:${segment}`, minutes)));
  const habits = PSPS.map((psp) =>
    SEGMENTS.map(
      (_, segment) => PSP_SPREAD * normal(random, 'psp', psp) + SEGMENT_SPREAD * normal(random, `in:${segment}`, psp),
    ),
  );
  const lossOf = (psp: number, segment: number, minute: number): number => {
    let kept = 1;
    for (const trouble of troubles) {
      if (trouble.psp !== psp || minute < trouble.fromMinute || minute >= trouble.toMinute) continue;
      if (trouble.method === null || trouble.method === SEGMENTS[segment]?.method) kept *= 1 - trouble.loss;
    }
    return 1 - kept;
  };
  return {
    random,
    troubles,
    success(psp, segment, minute) {
      const healthy =
        (SEGMENTS[segment]?.base ?? 0) + (habits[psp]?.[segment] ?? 0) + (drift[psp]?.[segment]?.[minute] ?? 0);
      return Math.min(0.99, Math.max(0.05, healthy)) * (1 - lossOf(psp, segment, minute));
    },
    technicalShare: (psp, segment, minute) => 0.1 + 0.9 * Math.min(1, 2 * lossOf(psp, segment, minute)),
    rate: (minute) => 3.5 - 1.5 * Math.cos((2 * Math.PI * (minute - 240)) / 1_440),
  };
}

function troublesOf(random: Random, minutes: number): Trouble[] {
  const troubles: Trouble[] = [];
  PSPS.forEach((name, psp) => {
    const days = minutes / 1_440;
    const draw = (what: string, index: number): number => random.unit('trouble', name, what, index);
    for (let index = 0; index < Math.round(DEGRADATIONS_PER_DAY * days); index += 1) {
      const fromMinute = Math.floor(draw('degradation-at', index) * minutes);
      const method =
        (['card', 'ewallet', 'bank', null] as const)[Math.floor(4 * draw('degradation-of', index))] ?? null;
      const toMinute = fromMinute + 20 + Math.floor(100 * draw('degradation-for', index));
      troubles.push({ psp, method, fromMinute, toMinute, loss: 0.05 + 0.3 * draw('degradation-by', index) });
    }
    for (let index = 0; index < Math.round(OUTAGES_PER_DAY * days); index += 1) {
      const fromMinute = Math.floor(draw('outage-at', index) * minutes);
      const toMinute = fromMinute + 5 + Math.floor(25 * draw('outage-for', index));
      troubles.push({ psp, method: null, fromMinute, toMinute, loss: 1 });
    }
  });
  return troubles;
}

/** A walk that is drawn back to zero (Ornstein and Uhlenbeck), by minute. */
function walk(random: Random, name: string, minutes: number): Float64Array {
  const kept = Math.exp(-1 / DRIFT_MINUTES);
  const step = DRIFT_SPREAD * Math.sqrt(1 - kept ** 2);
  const places = new Float64Array(minutes + 1);
  places[0] = DRIFT_SPREAD * normal(random, 'drift-begin', name);
  for (let minute = 1; minute <= minutes; minute += 1)
    places[minute] = kept * (places[minute - 1] ?? 0) + step * normal(random, `drift:${minute}`, name);
  return places;
}

function normal(random: Random, purpose: string, name: string): number {
  const first = random.unit(purpose, name, 1);
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * random.unit(purpose, name, 2));
}
