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
  const missed = missedThresholds(data);
  return `\n${missed.length === 0 ? 'every threshold met' : `thresholds missed: ${missed.join('; ')}`}\n`;
}
