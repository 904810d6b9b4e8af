/** Door of exploring: scenarios drawn from a seed, made smaller when they fail, and the tokens that name runs. */
export { GENERATOR_VERSION, GENERATOR_VERSIONS, generateScenario } from './generate-scenario.ts';
export { arbitraryScenario } from './scenario-arbitrary.ts';
export { shrinkFailure, type Shrunk, type ShrinkOptions } from './shrink-failure.ts';
export { scenarioAt, smallerScenarios } from './shrink-scenario.ts';
export { formatToken, parseToken, type GeneratedToken, type ReplayToken } from './token.ts';
