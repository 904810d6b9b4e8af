/** Reads a distribution that came from outside, so that nonsense is refused before it is drawn from. */
import { checkDistribution } from '../../kernel/index.ts';
import type { Distribution } from '../../kernel/index.ts';

const KINDS: readonly Distribution['kind'][] = ['fixed', 'uniform', 'lognormal', 'exponential', 'pareto'];

/** Throws a RangeError that says what is wrong. */
export function readDistribution(value: unknown): Distribution {
  const kind = typeof value === 'object' && value !== null ? (value as { kind?: unknown }).kind : undefined;
  if (!KINDS.some((known) => known === kind)) {
    throw new RangeError(`a distribution has a kind, one of ${KINDS.join(', ')}, such as {"kind":"fixed","ms":100}`);
  }
  const distribution = value as Distribution;
  checkDistribution(distribution);
  return distribution;
}
