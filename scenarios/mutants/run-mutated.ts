/**
 * One run of the hunt, with a mutant in the service's place or without; an error of the harness is
 * a result like others here, because the hunt goes on.
 */
import { messageOf } from '../../kernel/index.ts';
import type { ServiceMutation } from '../drivers/index.ts';
import type { Scenario } from '../dsl/index.ts';
import { runScenario, type RunResult } from '../runner/run-scenario.ts';
import type { Mutant } from './mutant.ts';

export type Tried = RunResult | { error: string };

/** The run, and whether the mutated part acted otherwise than the shipped one in it. */
export async function runMutated(
  mutant: Pick<Mutant, 'mutation'>,
  scenario: Scenario,
  seed: number,
): Promise<{ result: Tried; acted: boolean }> {
  let acted = false;
  const mutation = mutant.mutation(() => {
    acted = true;
  });
  const result = await carryOut(scenario, seed, mutation);
  return { result, acted };
}

export async function carryOut(
  scenario: Scenario,
  seed: number,
  mutateService: ServiceMutation | undefined,
): Promise<Tried> {
  try {
    return await runScenario({
      scenario,
      seed,
      driver: 'virtual',
      ...(mutateService === undefined ? {} : { mutateService }),
    });
  } catch (error) {
    return { error: messageOf(error) };
  }
}
