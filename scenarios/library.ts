/** The scenarios that come with the project: every file of `scenarios/library`. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';
import { loadScenario, type Scenario } from './dsl/index.ts';

export interface LibraryScenario {
  /** Relative to the project's root, with forward slashes. */
  file: string;
  scenario: Scenario;
}

/** All library scenarios in order of their names; each is read and checked. */
export function libraryScenarios(): LibraryScenario[] {
  const folder = join(projectRoot(), 'scenarios', 'library');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ file: `scenarios/library/${name}`, scenario: loadScenario(join(folder, name)) }));
}
