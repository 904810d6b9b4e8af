/** Door of exploring: scenarios drawn from a seed, and the tokens that name runs. */
export { GENERATOR_VERSION, generateScenario } from './generate-scenario.ts';
export { formatToken, parseToken, type ReplayToken } from './token.ts';
