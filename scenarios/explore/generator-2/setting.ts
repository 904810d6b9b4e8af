/**
 * What the parts of one generated scenario have in common: its PSPs, for how long things may go
 * wrong, and the moments at which payment systems break. A uniform draw would almost never land
 * on such a moment, so delays and starts are drawn around them.
 */
import type { Random } from '../../../kernel/index.ts';
import type { Dialect, PspEntry } from '../../dsl/index.ts';
import { durationOf } from '../generator-1/moments.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

export interface Setting {
  psps: readonly string[];
  dialects: readonly Dialect[];
  /** For how long things may go wrong, in milliseconds. */
  spanMs: number;
  /** Deadlines, tolerances and lives of keys that this run has: the PSPs' own and the target's. */
  edgesMs: readonly number[];
  /** Files of settlements are imported. */
  settles: boolean;
}

/** How long a generated run is under faults; few runs are long, because a long one costs more. */
export const SPANS_MS = [20, 20, 90, 90, 300, 1_800].map((minutes) => minutes * MINUTE_MS);

/**
 * What every such target has in some form: the time-out of its calls, its first questions, the
 * lease of a key, how long a PSP works on, the tolerance of signatures, the end of unfinished
 * payments, the end of patience, and the life of its own keys.
 */
const TARGETS_EDGES_MS = [
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  24 * HOUR_MS,
];

/** How far from an edge a moment lies: on it, a step of the clock beside it, or a call's length. */
const MARGINS_MS = [-2 * SECOND_MS, -200, -1, 0, 1, 200, 2 * SECOND_MS, 20 * SECOND_MS];

/** Fields of a profile that say until when something holds. */
const LIVES = ['keyLife', 'challengeLife', 'authorizationLife', 'openLife', 'ackTimeout'] as const;
export type Lives = Partial<Record<(typeof LIVES)[number], number>>;

/** In the words of the file. */
export const LIFE_FIELDS: Readonly<Record<(typeof LIVES)[number], string>> = {
  keyLife: 'key_life',
  challengeLife: 'challenge_life',
  authorizationLife: 'authorization_life',
  openLife: 'open_life',
  ackTimeout: 'ack_timeout',
};

export function settingOf(
  psps: readonly PspEntry[],
  lives: readonly Lives[],
  more: Pick<Setting, 'spanMs' | 'settles'>,
): Setting {
  const own = lives.flatMap((life) => Object.values(life));
  const edges = [...new Set([...own, ...TARGETS_EDGES_MS])].filter((edge) => edge <= more.spanMs);
  return { psps: psps.map(({ name }) => name), dialects: psps.map(({ dialect }) => dialect), edgesMs: edges, ...more };
}

/** A delay on or beside one of the run's edges; never negative. */
export function nearAnEdge(draw: Random, label: string, { edgesMs }: Setting): number {
  return Math.max(0, draw.pick(edgesMs, label, 'edge') + draw.pick(MARGINS_MS, label, 'margin'));
}

export { durationOf };
