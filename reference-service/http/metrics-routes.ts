/**
 * Metrics: those of this process for Prometheus, and a summary over all processes from the
 * database.
 */
import type { ServiceContext } from '../application/context.ts';
import { metricsSummary } from '../application/metrics-summary.ts';
import { ServiceError } from '../domain/errors.ts';
import { openWork } from '../observability/database-metrics.ts';
import type { ServiceMetrics } from '../observability/metrics.ts';
import type { Group } from '../ports/metrics.ts';
import { json } from './answer.ts';
import type { Routes } from './routes.ts';

const DAY_MS = 86_400_000;

/** A longer window is for an export of the database, not for one answer. */
const LONGEST_DAYS = 92;

export function metricsRoutes(context: ServiceContext, metrics: ServiceMetrics): Routes {
  return {
    async getMetrics() {
      await openWork(context, metrics);
      const text = await metrics.registry.metrics();
      return { kind: 'text', status: 200, contentType: metrics.registry.contentType, text };
    },

    async getMetricsSummary({ parameters }) {
      const time = (name: string, fallback: number): number =>
        parameters[name] === undefined ? fallback : Date.parse(String(parameters[name]));
      const toMs = time('to', context.clock.now());
      const fromMs = time('from', toMs - DAY_MS);
      if (!(fromMs < toMs) || toMs - fromMs > LONGEST_DAYS * DAY_MS)
        throw new ServiceError('bad_request', `A summary covers up to ${LONGEST_DAYS} days and ends after it begins.`);
      return json(200, await metricsSummary(context, { fromMs, toMs }, parameters['group'] as Group));
    },
  };
}
