/**
 * Scenario files to checked scenarios: YAML text, a path, or the same object from TypeScript.
 * Every problem is one InvalidScenarioError with its place.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { messageOf, UserError } from '../../kernel/index.ts';
import { checkMeaning } from './check-meaning.ts';
import { checkShape } from './check-shape.ts';
import { InvalidScenarioError } from './invalid-scenario.ts';
import { readYaml } from './read-yaml.ts';
import type { Scenario } from './scenario.ts';
import { objectSourceMap } from './source-map.ts';

/** Largest scenario file: far beyond any that a person writes, small enough to parse in no time. */
const MOST_BYTES = 1_000_000;

/** Reads a scenario file. Throws a UserError when it cannot be read or is not valid. */
export function loadScenario(path: string): Scenario {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(
      `${path}: the scenario file cannot be read (${messageOf(error)})`,
      'Give the path of a scenario file; the shipped ones are in scenarios/library.',
    );
  }
  const scenario = parseScenario(text, path);
  const expected = basename(path).replace(/\.ya?ml$/, '');
  if (scenario.name !== expected) {
    throw new InvalidScenarioError(
      path,
      `the scenario is called \`${scenario.name}\``,
      `Name it \`${expected}\` like its file, or rename the file.`,
    );
  }
  return scenario;
}

/** Checks YAML text; `file` is what messages call it. */
export function parseScenario(text: string, file: string): Scenario {
  const { data, source } = readYaml(text, file, { what: 'a scenario', mostBytes: MOST_BYTES, tooLong: 'Split it.' });
  checkShape(data, source);
  checkMeaning(data, source);
  return data;
}

/** Checks a scenario written in TypeScript and gives it back. */
export function defineScenario(scenario: Scenario): Scenario {
  const source = objectSourceMap(scenario.name);
  const data: unknown = scenario;
  checkShape(data, source);
  checkMeaning(data, source);
  return scenario;
}
