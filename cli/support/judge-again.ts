/**
 * A recorded run judged by the invariants as they are today, as a report: what `assay check`
 * prints and `assay report` writes. What the run itself knew (title, times, the command that
 * repeats it) is taken from its verdict where it has one.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkExpectations, judgeHistory, type RunReport, type VerdictJson } from '../../scenarios/index.ts';
import type { RecordedRun } from './recorded-run.ts';

export function judgeAgain(run: RecordedRun): RunReport {
  const { plan, events } = run;
  const before = verdictOf(run.dir);
  const judged = judgeHistory(events, {
    ...(plan.invariants === 'all' ? {} : { applicable: plan.invariants }),
    expectations: checkExpectations(plan.expect, events),
  });
  return {
    scenario: before.scenario ?? plan.scenario,
    title: plan.title,
    description: run.scenario.description,
    ...(before.without === undefined ? {} : { without: before.without }),
    driver: run.driver,
    seed: run.seed,
    fingerprint: run.fingerprint,
    version: run.version,
    ...(before.startedAt === undefined ? {} : { startedAt: before.startedAt }),
    wallMs: before.wallMs ?? 0,
    ...(before.settings === undefined ? {} : { settings: before.settings }),
    ...(before.coverage === undefined ? {} : { coverage: before.coverage }),
    replay: before.replay ?? `node bin/assay.js replay ${run.dir}`,
    judged,
    events,
  };
}

/** Nothing for a run that was killed before its verdict. */
function verdictOf(dir: string): Partial<VerdictJson> {
  const file = join(dir, 'verdict.json');
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<VerdictJson>;
  } catch {
    return {};
  }
}
