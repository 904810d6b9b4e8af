/**
 * Turns k6's summary object into the few lines that a person wants to read after a run.
 * Pure, no k6 import, so that mocha can test it too.
 */

export interface SummaryMetric {
  type: string;
  values: Record<string, number>;
  thresholds?: Record<string, { ok: boolean }>;
}

export interface SummaryData {
  metrics: Record<string, SummaryMetric>;
}

export function missedThresholds(data: SummaryData): string[] {
  return Object.entries(data.metrics).flatMap(([metric, { thresholds }]) =>
    Object.entries(thresholds ?? {})
      .filter(([, { ok }]) => !ok)
      .map(([expression]) => `${metric}: ${expression}`),
  );
}

export function summaryText(data: SummaryData): string {
  const lines = Object.entries(data.metrics)
    .filter(([name, metric]) => name.startsWith('deposit_e2e_') && metric.type === 'trend')
    .map(
      ([name, { values }]) =>
        `  ${name.padEnd(46)} ${milliseconds(values['med'])}  p95 ${milliseconds(values['p(95)'])}  p99 ${milliseconds(values['p(99)'])}  n ${values['count'] ?? 0}`,
    );
  const started = data.metrics['deposit_started']?.values['count'] ?? 0;
  const rate = data.metrics['deposit_credited']?.values['rate'] ?? 0;
  const missed = missedThresholds(data);
  return [
    '',
    `deposits started ${started}, credited within the budget ${(rate * 100).toFixed(2)} %`,
    ...lines,
    missed.length === 0 ? 'every threshold met' : `thresholds missed: ${missed.join('; ')}`,
    '',
  ].join('\n');
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '     – ms' : `${value.toFixed(0).padStart(6)} ms`;
}
