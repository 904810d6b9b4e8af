/** verdict.json: the machine-readable outcome of one run. Additions are allowed, renames raise `schema`. */
import type { JudgedRun } from '../invariants/index.ts';
import type { RunReport } from './report.ts';

export const VERDICT_SCHEMA_VERSION = 1;

export interface VerdictJson {
  schema: typeof VERDICT_SCHEMA_VERSION;
  scenario: string;
  title: string;
  without?: string;
  driver: string;
  seed: string;
  fingerprint: string;
  verdict: JudgedRun['verdict'];
  exitCode: number;
  startedAt?: string;
  wallMs: number;
  virtualMs: number;
  counts: JudgedRun['counts'];
  invariants: {
    id: string;
    title: string;
    verdict: string;
    checked: number;
    reason?: string;
    violations: JudgedRun['invariants'][number]['violations'];
  }[];
  expectations: JudgedRun['expectations'];
  settings?: RunReport['settings'];
  coverage?: RunReport['coverage'];
  replay: string;
  version: string;
}

export function verdictJson(report: RunReport): VerdictJson {
  const { judged } = report;
  return {
    schema: VERDICT_SCHEMA_VERSION,
    scenario: report.scenario,
    title: report.title,
    ...(report.without === undefined ? {} : { without: report.without }),
    driver: report.driver,
    seed: report.seed,
    fingerprint: report.fingerprint,
    verdict: judged.verdict,
    exitCode: judged.exitCode,
    ...(report.startedAt === undefined ? {} : { startedAt: report.startedAt }),
    wallMs: report.wallMs,
    virtualMs: judged.virtualMs,
    counts: judged.counts,
    invariants: judged.invariants.map(({ id, title, verdict, checked, reason, violations }) => ({
      id,
      title,
      verdict,
      checked,
      ...(reason === undefined ? {} : { reason }),
      violations,
    })),
    expectations: judged.expectations,
    ...(report.settings === undefined ? {} : { settings: report.settings }),
    ...(report.coverage === undefined ? {} : { coverage: report.coverage }),
    replay: report.replay,
    version: report.version,
  };
}
