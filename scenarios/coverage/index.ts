/** Door of coverage: what a run exercised, what many did together, and what cannot be reached. */
export { addCoverage, coverageOf, summarizeCoverage, type Coverage, type CoverageSummary } from './coverage.ts';
export { whyInfeasible } from './feasible.ts';
export { GOALS } from './goals.ts';
export { STATES, type LifeState } from './states.ts';
