/** The smallest scenario below a token that still breaks the same invariant, with the same mutant in place. */
import type { Scenario } from '../dsl/index.ts';
import { runOfToken } from '../mutants/replay-token.ts';
import { runScenario } from '../runner/run-scenario.ts';
import { shrinkFailure, type Shrunk, type ShrinkOptions } from './shrink-failure.ts';
import type { GeneratedToken } from './token.ts';

/** @param invariant id of an invariant that the run of the token violates. */
export function smallestFailure(
  token: GeneratedToken,
  invariant: string,
  options: Omit<ShrinkOptions, 'fails'>,
): Promise<Shrunk> {
  const fails = async (scenario: Scenario): Promise<boolean> => {
    try {
      // A mutant remembers things during a run, so each try gets a fresh one.
      const { invariants } = await runScenario({ ...runOfToken(token), scenario });
      return invariants.some(({ id, verdict }) => id === invariant && verdict === 'fail');
    } catch {
      // A run that cannot be carried out has not broken the invariant.
      return false;
    }
  };
  return shrinkFailure(runOfToken(token).scenario, { ...options, fails });
}
