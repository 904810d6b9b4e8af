/**
 * The smallest scenario that still breaks the same invariant, found by fast-check: it tries what
 * is smaller, goes on from the first that fails too, and ends where nothing smaller fails.
 */
import fc from 'fast-check';
import type { Scenario } from '../dsl/index.ts';
import { arbitraryBelow } from './scenario-arbitrary.ts';

export interface ShrinkOptions {
  /** Whether this scenario breaks the invariant, too. */
  fails(scenario: Scenario): Promise<boolean>;
  /** After so many tries it is enough, and the smallest that was found is the answer. */
  mostTries: number;
  signal?: AbortSignal | undefined;
}

export interface Shrunk {
  scenario: Scenario;
  /** Its places in the lists of smaller scenarios; empty when nothing smaller fails. */
  path: number[];
  tries: number;
}

/** @param scenario breaks the invariant; it is not tried again. */
export async function shrinkFailure(scenario: Scenario, options: ShrinkOptions): Promise<Shrunk> {
  let tries = 0;
  const property = fc.asyncProperty(arbitraryBelow(scenario), async (candidate) => {
    if (candidate === scenario) return false;
    if (tries >= options.mostTries || options.signal?.aborted === true) return true;
    tries += 1;
    return !(await options.fails(candidate));
  });
  const found = await fc.check(property, { numRuns: 1, endOnFailure: false });
  const [smallest] = found.counterexample ?? [scenario];
  // The first number counts generated scenarios, of which there is one.
  const path = (found.counterexamplePath ?? '0').split(':').slice(1).map(Number);
  return { scenario: smallest ?? scenario, path, tries };
}
