/**
 * Which generator makes a scenario of a seed. The newest one explores; an older one stays as it
 * was, so that every token that was ever printed still names its run.
 */
import type { Scenario } from '../dsl/index.ts';
import { generateScenario as generatorOne } from './generator-1/generate-scenario.ts';
import { generateScenario as generatorTwo } from './generator-2/generate-scenario.ts';

const GENERATORS: Readonly<Record<number, (seed: string | number) => Scenario>> = { 1: generatorOne, 2: generatorTwo };

/**
 * The newest generator. Changes whenever a seed may give another scenario than before, or a
 * scenario is made smaller in another order; replay tokens carry it.
 */
export const GENERATOR_VERSION = 2;

export const GENERATOR_VERSIONS: readonly number[] = Object.keys(GENERATORS).map(Number);

/** @param seed any text or number; runs take the same seed for their own draws. */
export function generateScenario(seed: string | number, version: number = GENERATOR_VERSION): Scenario {
  const generate = GENERATORS[version];
  if (generate === undefined) throw new RangeError(`there is no generator ${version}`);
  return generate(seed);
}
