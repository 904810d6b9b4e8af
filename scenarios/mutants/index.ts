/** Door of the mutants: what they are, the hunt for them, and how a token finds its run again. */
export type { CorrectOutcome, MutantOutcome } from './hunt.ts';
export type { SmallCatch } from './shrink-catch.ts';
export { MUTANTS } from './list.ts';
export type { Mutant } from './mutant.ts';
export { replayToken, runOfToken, type TokenRun } from './replay-token.ts';
export {
  MOST_SEEDS,
  runMutants,
  type MutantsOptions,
  type MutantsProgress,
  type MutantsResult,
} from './run-mutants.ts';
