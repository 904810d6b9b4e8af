/**
 * The PSPs of a generated scenario: one to three of the seven dialects, some of which forget keys
 * soon, let challenges and authorizations end early, show new payments late, or tell of a payment
 * at the very instant at which they answer the call.
 */
import type { Random } from '../../../kernel/index.ts';
import { DIALECTS, type Dialect, type PspEntry } from '../../dsl/index.ts';
import { durationOf, LIFE_FIELDS, type Lives } from './setting.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The time of an ordinary answer, where the run wants to know it. */
const ANSWER_AFTER_MS = 100;

/** What may be drawn for each, and how often. */
const SHORT_LIVES: Readonly<Record<keyof Lives, { chance: number; fromMs: readonly number[] }>> = {
  keyLife: { chance: 0.2, fromMs: [10 * MINUTE_MS, 2 * HOUR_MS] },
  challengeLife: { chance: 0.15, fromMs: [5 * MINUTE_MS, 15 * MINUTE_MS] },
  authorizationLife: { chance: 0.25, fromMs: [HOUR_MS, 12 * HOUR_MS] },
  openLife: { chance: 0.1, fromMs: [10 * MINUTE_MS, 30 * MINUTE_MS] },
  ackTimeout: { chance: 0.1, fromMs: [5_000, 10_000] },
};

export interface DrawnPsps {
  psps: PspEntry[];
  /** Of each, in the same order. */
  lives: Lives[];
}

export function drawPsps(draw: Random): DrawnPsps {
  const dialects = [...DIALECTS].sort((a, b) => draw.unit('order', a) - draw.unit('order', b));
  const drawn = dialects.slice(0, draw.pick([1, 2, 2, 3], 'psps')).map((dialect) => drawPsp(draw, dialect));
  return { psps: drawn.map(({ psp }) => psp), lives: drawn.map(({ lives }) => lives) };
}

function drawPsp(draw: Random, dialect: Dialect): { psp: PspEntry; lives: Lives } {
  const lives = drawLives(draw, dialect);
  const profile: Record<string, unknown> = Object.fromEntries(
    Object.entries(lives).map(([life, ms]) => [LIFE_FIELDS[life as keyof Lives], durationOf(ms)]),
  );
  // Where the files of the PSP lag by hours, that belongs to it.
  if (dialect !== 'paypal' && draw.chance(0.3, 'lag', dialect))
    profile['visibility_lag'] = draw.pick(['5s', '1m'], 'lag', dialect, 'how long');
  if (draw.chance(0.35, 'quick', dialect)) Object.assign(profile, drawRace(draw, dialect));
  profile['payout_return'] = { kind: 'uniform', min: '1h', max: draw.pick(['2h', '30h'], 'return', dialect) };
  return { psp: { name: dialect, dialect, profile }, lives };
}

function drawLives(draw: Random, dialect: Dialect): Lives {
  const lives: Lives = {};
  for (const [life, { chance, fromMs }] of Object.entries(SHORT_LIVES)) {
    if (draw.chance(chance, 'life', life, dialect))
      lives[life as keyof Lives] = draw.pick(fromMs, 'life', life, dialect, 'how long');
  }
  return lives;
}

/** The webhook before the answer, at the same instant, or just after it. */
function drawRace(draw: Random, dialect: Dialect): Record<string, unknown> {
  const webhookAfterMs = draw.pick([0, ANSWER_AFTER_MS - 1, ANSWER_AFTER_MS, ANSWER_AFTER_MS + 1], 'race', dialect);
  return {
    latency: { kind: 'fixed', ms: durationOf(ANSWER_AFTER_MS) },
    first_delivery: { kind: 'fixed', ms: durationOf(webhookAfterMs) },
  };
}
