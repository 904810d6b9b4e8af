/** What the command line needs of the partner command. */
export { STAGES, type Result } from './check.ts';
export type { Summary } from './reports/summary.ts';
export { listChecks, runVerify, type Listed, type RunOptions } from './run.ts';
