/**
 * Scenarios that put a mutant to the test beside generated ones: those of the library, and a few
 * that were written for one mutant, which say so in the table.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { loadScenario, type Scenario } from '../dsl/index.ts';

export interface Story {
  from: 'library' | 'written for it';
  scenario: Scenario;
}

const FOLDERS: readonly { from: Story['from']; path: string }[] = [
  { from: 'library', path: join(projectRoot(), 'scenarios', 'library') },
  { from: 'written for it', path: join(projectRoot(), 'scenarios', 'mutants', 'stories') },
];

/** Names of all scenarios that a mutant may name, in the order of their files. */
export function storyNames(from: Story['from']): string[] {
  return FOLDERS.filter((folder) => folder.from === from).flatMap(({ path }) =>
    readdirSync(path)
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => file.slice(0, -'.yaml'.length)),
  );
}

/** By the scenario's name, which is its file's; undefined when there is none. */
export function findStory(name: string): Story | undefined {
  if (!/^[a-z0-9-]+$/.test(name)) return undefined;
  for (const { from, path } of FOLDERS) {
    const file = join(path, `${name}.yaml`);
    if (existsSync(file)) return { from, scenario: loadScenario(file) };
  }
  return undefined;
}
