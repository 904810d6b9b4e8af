/**
 * Scenarios as an arbitrary of fast-check: made by the generator from a seed, made smaller by
 * leaving out one thing after the other.
 */
import fc from 'fast-check';
import type { Scenario } from '../dsl/index.ts';
import { generateScenario } from './generate-scenario.ts';
import { smallerScenarios } from './shrink-scenario.ts';

/** @param seeds of which seeds; any text by default. */
export function arbitraryScenario(seeds: fc.Arbitrary<string> = fc.string({ minLength: 1 })): fc.Arbitrary<Scenario> {
  return new ScenarioArbitrary((random) => generateScenario(seeds.generate(random, undefined).value));
}

/** This scenario, and all that is smaller. */
export function arbitraryBelow(scenario: Scenario): fc.Arbitrary<Scenario> {
  return new ScenarioArbitrary(() => scenario);
}

class ScenarioArbitrary extends fc.Arbitrary<Scenario> {
  readonly #make: (random: fc.Random) => Scenario;

  constructor(make: (random: fc.Random) => Scenario) {
    super();
    this.#make = make;
  }

  generate(random: fc.Random): fc.Value<Scenario> {
    return new fc.Value(this.#make(random), undefined);
  }

  canShrinkWithoutContext(_value: unknown): _value is Scenario {
    return true;
  }

  shrink(scenario: Scenario): fc.Stream<fc.Value<Scenario>> {
    return fc.stream(smallerScenarios(scenario)).map((smaller) => new fc.Value(smaller, undefined));
  }
}
