/** From a replay token to its run: scenario, seed, driver, and the mutant if there was one. */
import { UserError } from '../../kernel/index.ts';
import type { ServiceMutation } from '../drivers/index.ts';
import type { DriverKind, Scenario } from '../dsl/index.ts';
import { generateScenario } from '../explore/generate-scenario.ts';
import { scenarioAt } from '../explore/shrink-scenario.ts';
import { formatToken, type ReplayToken } from '../explore/token.ts';
import { runScenario, type RunOptions, type RunResult } from '../runner/run-scenario.ts';
import { MUTANTS } from './list.ts';
import { findStory, storyNames } from './stories.ts';

/** What `runScenario` needs for the run that a token names. */
export interface TokenRun {
  scenario: Scenario;
  seed: string;
  driver: DriverKind;
  /** The command that brings the run back. */
  replay: string;
  mutateService?: ServiceMutation;
}

/** @throws UserError when it names a scenario or mutant that does not exist. */
export function runOfToken(token: ReplayToken): TokenRun {
  const { seed, driver } = token;
  const { fingerprint: _compared, ...named } = token;
  const base = { seed, driver, replay: `node bin/assay.js replay ${formatToken(named)}`, ...mutationOf(token) };
  if (token.kind === 'library') {
    const found = findStory(token.scenario);
    if (found !== undefined) return { ...base, scenario: found.scenario };
    const names = storyNames('library');
    throw new UserError(`there is no scenario "${token.scenario}" in the library`, `It has: ${names.join(', ')}.`);
  }
  return { ...base, scenario: scenarioAt(generateScenario(seed, token.version), token.path ?? []) };
}

function mutationOf({ mutant: name, driver }: ReplayToken): { mutateService?: ServiceMutation } {
  if (name === undefined) return {};
  const mutant = MUTANTS.find((candidate) => candidate.name === name);
  if (mutant === undefined) {
    const names = MUTANTS.map((candidate) => candidate.name);
    throw new UserError(`there is no mutant "${name}"`, `Allowed: ${names.join(', ')}.`);
  }
  if (driver !== 'virtual') throw new UserError('a mutant runs on the virtual driver only', 'Leave out the driver.');
  return { mutateService: mutant.mutation(() => undefined) };
}

/** Carries out the run that a token names. */
export function replayToken(
  token: ReplayToken,
  options: Pick<RunOptions, 'outDir' | 'onProgress' | 'databaseUrl'> = {},
): Promise<RunResult> {
  return runScenario({ ...runOfToken(token), ...options });
}
