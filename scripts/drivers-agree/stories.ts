/**
 * Which scenarios are told on both drivers: stories of the library in turn with each dialect, and
 * every third one drawn from a seed. Told in the same order every time, so that a count and a start
 * name what was compared.
 */
import { DIALECTS, generateScenario, libraryScenarios, onDialect } from '../../scenarios/index.ts';
import type { Dialect, Scenario } from '../../scenarios/index.ts';

export interface Story {
  scenario: Scenario;
  seed: string;
  /** Undefined: the scenario keeps its PSPs. */
  dialect?: Dialect;
}

const EVERY_RANDOM = 3;

/** Endless: round after round each story with the next dialect that can tell it, and with the next seed. */
export function* stories(seed: string): Generator<Story> {
  const library = libraryScenarios()
    .map(({ scenario }) => scenario)
    .filter(({ drivers }) => drivers === undefined || drivers.length === 2);
  let random = 0;
  for (let round = 0; ; round += 1) {
    for (const [index, scenario] of library.entries()) {
      const story = told(scenario, index + round);
      // With seven rounds every pair has been told once; what follows needs draws of its own.
      if (story !== undefined) yield { ...story, seed: round < DIALECTS.length ? seed : `${seed}-${round}` };
      if (index % EVERY_RANDOM !== EVERY_RANDOM - 1) continue;
      random += 1;
      yield { scenario: generateScenario(`${seed}-random-${random}`), seed: `${seed}-random-${random}` };
    }
  }
}

/** With the dialect whose turn it is; undefined when that one cannot tell the story. */
function told(scenario: Scenario, turn: number): Omit<Story, 'seed'> | undefined {
  const dialect = DIALECTS[turn % DIALECTS.length];
  if (dialect === undefined) return undefined;
  const on = onDialect(scenario, dialect);
  return on.kind === 'applicable' ? { scenario: on.scenario, dialect } : undefined;
}
