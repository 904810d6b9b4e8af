/**
 * Distributions of delays: from one uniform draw in [0, 1) to milliseconds, by the inverse of
 * the cumulative distribution. A larger draw never gives a shorter delay, so a scenario that
 * raises p95 makes the same payments slower instead of choosing others.
 */
import { inverseNormal } from './inverse-normal.ts';

export type Distribution =
  | { kind: 'fixed'; ms: number }
  | { kind: 'uniform'; minMs: number; maxMs: number }
  /** Median and 95th percentile: how PSPs state their latency. */
  | { kind: 'lognormal'; p50Ms: number; p95Ms: number }
  | { kind: 'exponential'; meanMs: number }
  /** Heavy tail: P(delay > x) = (minMs / x)^alpha. */
  | { kind: 'pareto'; minMs: number; alpha: number };

/** z with P(Z ≤ z) = 0.95. */
const Z_95 = inverseNormal(0.95);

/** Half a step of a 53-bit draw: keeps quantiles of unbounded distributions finite. */
const SMALLEST_DRAW = 2 ** -54;

/**
 * The delay in milliseconds (may have a fraction) at the quantile `unit`, a draw in [0, 1).
 * Throws a RangeError on parameters that make no distribution.
 */
export function sampleMs(distribution: Distribution, unit: number): number {
  checkDistribution(distribution);
  const u = Math.min(Math.max(unit, SMALLEST_DRAW), 1 - 2 ** -53);
  switch (distribution.kind) {
    case 'fixed':
      return distribution.ms;
    case 'uniform':
      return distribution.minMs + (distribution.maxMs - distribution.minMs) * u;
    case 'lognormal': {
      const sigma = Math.log(distribution.p95Ms / distribution.p50Ms) / Z_95;
      return distribution.p50Ms * Math.exp(sigma * inverseNormal(u));
    }
    case 'exponential':
      return -distribution.meanMs * Math.log1p(-u);
    case 'pareto':
      return distribution.minMs * (1 - u) ** (-1 / distribution.alpha);
  }
}

/**
 * The same with a draw that is made only where the delay depends on it: a keyed draw costs more
 * than everything else here, and one that is not made changes no other.
 */
export function drawMs(distribution: Distribution, draw: () => number): number {
  return sampleMs(distribution, distribution.kind === 'fixed' ? 0 : draw());
}

const KINDS = ['fixed', 'uniform', 'lognormal', 'exponential', 'pareto'] as const satisfies Distribution['kind'][];

/**
 * Throws a RangeError that says which parameter is wrong and what it must be. Distributions come
 * from files and over HTTP, so the kind may be none of ours whatever its type says.
 */
export function checkDistribution(distribution: Distribution): void {
  if (!KINDS.includes(distribution.kind))
    throw new RangeError(
      `there is no distribution of the kind ${JSON.stringify(distribution.kind)}: there are ${KINDS.join(', ')}`,
    );
  const problem = problemOf(distribution);
  if (problem !== undefined) throw new RangeError(`distribution "${distribution.kind}": ${problem}`);
}

function problemOf(distribution: Distribution): string | undefined {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.ms >= 0 ? undefined : 'ms must be 0 or more';
    case 'uniform':
      return distribution.minMs >= 0 && distribution.maxMs >= distribution.minMs
        ? undefined
        : 'needs 0 ≤ minMs ≤ maxMs';
    case 'lognormal':
      return distribution.p50Ms > 0 && distribution.p95Ms >= distribution.p50Ms ? undefined : 'needs 0 < p50Ms ≤ p95Ms';
    case 'exponential':
      return distribution.meanMs >= 0 ? undefined : 'meanMs must be 0 or more';
    case 'pareto':
      return distribution.minMs > 0 && distribution.alpha > 0 ? undefined : 'minMs and alpha must be more than 0';
  }
}
