/** Door of exploring: scenarios drawn from seeds, made smaller when they fail, and the tokens that name runs. */
export { CORPUS_FILE, readCorpus, type CorpusSeed } from './corpus.ts';
export { lineOf, type SeedOutcome, type ShrunkOutcome } from './explore-seed.ts';
export { GENERATOR_VERSION, GENERATOR_VERSIONS, generateScenario } from './generate-scenario.ts';
export { regressionText, writeRegression } from './regression-file.ts';
export {
  faultNames,
  runExplore,
  type ExploreOptions,
  type ExploreProgress,
  type ExploreReport,
} from './run-explore.ts';
export { arbitraryScenario } from './scenario-arbitrary.ts';
export { shrinkFailure, type Shrunk, type ShrinkOptions } from './shrink-failure.ts';
export { scenarioAt, smallerScenarios } from './shrink-scenario.ts';
export { formatToken, parseToken, type GeneratedToken, type ReplayToken } from './token.ts';
