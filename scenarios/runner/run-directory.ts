/**
 * The directory of one run: `<out>/<scenario>/<utc>-<seed>/`, with a link `latest` beside it.
 * Every run is kept; nothing here removes one.
 */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isoTime } from '../../kernel/index.ts';
import { stringify } from 'yaml';
import type { Plan, Scenario } from '../dsl/index.ts';

/** Makes the directory; two runs of one seed in the same second get different ones. */
export function makeRunDirectory(outDir: string, run: { scenario: string; seed: string; startedAtMs: number }): string {
  const stamp = isoTime(run.startedAtMs)
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '');
  const parent = join(outDir, run.scenario);
  mkdirSync(parent, { recursive: true });
  const wanted = join(parent, `${stamp}-${run.seed.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 40)}`);
  for (let copy = 1; ; copy++) {
    const path = copy === 1 ? wanted : `${wanted}-${copy}`;
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Writes the scenario as given and the plan that the seed made of it. */
export function writeResolved(runDir: string, scenario: Scenario, plan: Plan): void {
  const head = `# Scenario ${plan.scenario} with seed ${plan.seed}: as given, and as resolved (times in milliseconds, amounts in minor units).\n`;
  writeFileSync(
    join(runDir, 'scenario.resolved.yaml'),
    head + stringify({ scenario, plan }, { aliasDuplicateObjects: false }),
  );
}

/** Points `latest` at the run. A file system without links does without. */
export function linkLatest(runDir: string): void {
  const link = join(dirname(runDir), 'latest');
  const fresh = `${link}.${basename(runDir)}`;
  try {
    symlinkSync(basename(runDir), fresh);
    renameSync(fresh, link);
  } catch {
    rmSync(fresh, { force: true });
  }
}
