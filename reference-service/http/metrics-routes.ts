/**
 * Metrics: those of this process for Prometheus, and a summary over all processes from the
 * database.
 */
import type { ServiceContext } from '../application/context.ts';
import { openWork } from '../observability/database-metrics.ts';
import type { ServiceMetrics } from '../observability/metrics.ts';
import type { Routes } from './routes.ts';

export function metricsRoutes(context: ServiceContext, metrics: ServiceMetrics): Routes {
  return {
    async getMetrics() {
      await openWork(context, metrics);
      const text = await metrics.registry.metrics();
      return { kind: 'text', status: 200, contentType: metrics.registry.contentType, text };
    },
  };
}
