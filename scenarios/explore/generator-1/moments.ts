/**
 * Moments at which payment systems break: just before and just after the constants that every
 * such system has (time-outs, tolerances, lives of keys, expiries). A uniform draw would almost
 * never land there.
 */
import type { Random } from '../../../kernel/index.ts';
import type { DurationText } from '../../dsl/index.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a generated run is under faults; few runs are long, because a long one costs more. */
export const SPANS_MS = [20 * MINUTE_MS, 20 * MINUTE_MS, 90 * MINUTE_MS, 90 * MINUTE_MS, 5 * HOUR_MS, 30 * HOUR_MS];

/** Time-outs of calls, first questions, tolerances and caches, expiries, lives of keys. */
const EDGES_MS = [10 * SECOND_MS, 30 * SECOND_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS, 24 * HOUR_MS];

/** How far from an edge a moment lies. */
const MARGINS_MS = [-2 * SECOND_MS, -200, 200, 2 * SECOND_MS, 20 * SECOND_MS];

/** A delay near an edge, not longer than the span under faults. */
export function nearAnEdge(draw: Random, label: string, spanMs: number): number {
  const edges = EDGES_MS.filter((edge) => edge <= spanMs);
  return draw.pick(edges, label, 'edge') + draw.pick(MARGINS_MS, label, 'margin');
}

/** How a PSP's call may take just less or just more than a client waits (10 s to a PSP, 15 s to the service). */
export function nearATimeout(draw: Random, label: string): number {
  return draw.pick([9_800, 9_990, 10_050, 10_400, 14_900, 15_300], label);
}

/** Milliseconds as a scenario file writes them, in the largest unit that fits. */
export function durationOf(ms: number): DurationText {
  const whole = Math.round(ms);
  if (whole > 0 && whole % HOUR_MS === 0) return `${whole / HOUR_MS}h`;
  if (whole > 0 && whole % MINUTE_MS === 0) return `${whole / MINUTE_MS}m`;
  if (whole > 0 && whole % SECOND_MS === 0) return `${whole / SECOND_MS}s`;
  return `${whole}ms`;
}
