/**
 * Observations: what calls and attempts showed about a PSP, counted by minute, operation and
 * segment. Counts only, so that those of several processes can be added up in the database.
 */
import type { PspOperation } from '../circuit-breaker.ts';

/** Upper bounds of the latency classes in milliseconds; the last class has none. */
export const LATENCY_BOUNDS_MS = [100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 8_000, 12_000] as const;

export interface Counts {
  /** Calls that were made. */
  calls: number;
  /** Calls without a meaningful answer. */
  technical: number;
  slow: number;
  /** Attempts that the PSP approved or authorized. */
  approved: number;
  /** Attempts that an issuer declined. */
  declined: number;
  /** Attempts that the PSP declined for trouble of its own. */
  declinedTechnically: number;
  /** Attempts that sent the player to a challenge, and those that ended there. */
  challenged: number;
  challengeFailed: number;
  /** Calls by latency class, one more than there are bounds. */
  latency: number[];
}

export interface QualityBucket extends Counts {
  /** Start of the minute, epoch milliseconds. */
  minute: number;
  psp: string;
  operation: PspOperation;
  segment: string;
}

export const MINUTE_MS = 60_000;

export function minuteOf(epochMs: number): number {
  return Math.floor(epochMs / MINUTE_MS) * MINUTE_MS;
}

export function noCounts(): Counts {
  return {
    calls: 0,
    technical: 0,
    slow: 0,
    approved: 0,
    declined: 0,
    declinedTechnically: 0,
    challenged: 0,
    challengeFailed: 0,
    latency: new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0),
  };
}

/** Adds `more`, weighed, to `sum` in place. */
export function addCounts(sum: Counts, more: Readonly<Counts>, weight = 1): void {
  sum.calls += weight * more.calls;
  sum.technical += weight * more.technical;
  sum.slow += weight * more.slow;
  sum.approved += weight * more.approved;
  sum.declined += weight * more.declined;
  sum.declinedTechnically += weight * more.declinedTechnically;
  sum.challenged += weight * more.challenged;
  sum.challengeFailed += weight * more.challengeFailed;
  for (let index = 0; index < sum.latency.length; index += 1)
    sum.latency[index] = (sum.latency[index] ?? 0) + weight * (more.latency[index] ?? 0);
}

export function latencyClass(latencyMs: number): number {
  const found = LATENCY_BOUNDS_MS.findIndex((bound) => latencyMs <= bound);
  return found === -1 ? LATENCY_BOUNDS_MS.length : found;
}

/** The 95th percentile in milliseconds, linear within its class; null without a call. */
export function p95Of({ latency }: Readonly<Counts>): number | null {
  const total = latency.reduce((sum, count) => sum + count, 0);
  if (total <= 0) return null;
  let below = 0;
  for (const [index, count] of latency.entries()) {
    if (below + count >= 0.95 * total && count > 0) {
      const low = LATENCY_BOUNDS_MS[index - 1] ?? 0;
      const high = LATENCY_BOUNDS_MS[index] ?? 2 * low;
      return Math.round(low + ((high - low) * (0.95 * total - below)) / count);
    }
    below += count;
  }
  return LATENCY_BOUNDS_MS.at(-1) ?? null;
}
