/**
 * Scenarios that put a mutant to the test beside generated ones: those of the library, and a few
 * that were written for one mutant, which say so in the table.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { loadScenario, type Scenario } from '../dsl/index.ts';
import { libraryScenarios } from '../library.ts';

export interface Story {
  from: 'library' | 'written for it';
  scenario: Scenario;
}

/** Scenarios of `scenarios/mutants/stories`, in order of their names. */
export function ownStories(): Scenario[] {
  const folder = join(projectRoot(), 'scenarios', 'mutants', 'stories');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => loadScenario(join(folder, name)));
}

/** By the scenario's name; undefined when there is none. */
export function findStory(name: string): Story | undefined {
  const listed = libraryScenarios().find(({ scenario }) => scenario.name === name);
  if (listed !== undefined) return { from: 'library', scenario: listed.scenario };
  const own = ownStories().find((scenario) => scenario.name === name);
  return own === undefined ? undefined : { from: 'written for it', scenario: own };
}
