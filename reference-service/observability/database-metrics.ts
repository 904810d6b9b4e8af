/**
 * What is read from the database when somebody scrapes: open work and its age, the same in every
 * process. A database that does not answer is a metric too, not an error.
 */
import type { ServiceContext } from '../application/context.ts';
import { PSP_OPERATIONS, type BreakerState } from '../domain/circuit-breaker.ts';
import type { ServiceMetrics } from './metrics.ts';

const BREAKER_VALUE: Readonly<Record<BreakerState, number>> = { closed: 0, half_open: 1, open: 2 };

/** Brings the gauges up to now. */
export async function openWork(context: ServiceContext, metrics: ServiceMetrics): Promise<void> {
  const { clock, breaker, psps, database, stores } = context;
  const nowMs = clock.now();
  for (const psp of psps.keys())
    for (const operation of PSP_OPERATIONS)
      metrics.breaker(psp, operation, BREAKER_VALUE[breaker.state(psp, operation, nowMs)]);
  metrics.pool(context.pool());
  try {
    metrics.openWork(await stores.metrics.openWork(database.autocommit), nowMs);
    metrics.databaseUp(true);
  } catch (error) {
    if (!database.isUnavailable(error)) throw error;
    metrics.databaseUp(false);
  }
}
