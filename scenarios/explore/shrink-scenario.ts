/**
 * The next smaller scenarios of a scenario, the largest cuts first, in an order that belongs to
 * the generator's version: a token names a shrunk scenario by its places in these lists.
 */
import { UserError } from '../../kernel/index.ts';
import { defineScenario, InvalidScenarioError, type Scenario } from '../dsl/index.ts';
import { plainerTraffic, smallerTraffic } from './shrink-traffic.ts';
import * as world from './shrink-world.ts';

const CUTS: readonly ((scenario: Scenario) => Generator<Scenario>)[] = [
  world.fewerFaults,
  smallerTraffic,
  world.fewerSettlements,
  world.fewerPsps,
  world.fewerHours,
  world.plainerPsps,
  plainerTraffic,
  world.plainerFaults,
];

/** Valid scenarios that are smaller or plainer by one step; nothing that a step makes invalid. */
export function* smallerScenarios(scenario: Scenario): Generator<Scenario> {
  for (const cut of CUTS) {
    for (const smaller of cut(scenario)) if (smaller.traffic.length > 0 && isValid(smaller)) yield smaller;
  }
}

/** The scenario at the end of a path of places. @throws UserError when there is none. */
export function scenarioAt(scenario: Scenario, path: readonly number[]): Scenario {
  let current = scenario;
  for (const place of path) {
    const found = nth(smallerScenarios(current), place);
    if (found === undefined)
      throw new UserError(
        `there is no scenario at ${path.join('.')} below ${scenario.name}`,
        'Give the token as it was printed.',
      );
    current = found;
  }
  return current;
}

function nth<T>(values: Iterable<T>, place: number): T | undefined {
  let index = 0;
  for (const value of values) {
    if (index === place) return value;
    index += 1;
  }
  return undefined;
}

function isValid(scenario: Scenario): boolean {
  try {
    defineScenario(scenario);
    return true;
  } catch (error) {
    if (error instanceof InvalidScenarioError) return false;
    throw error;
  }
}
