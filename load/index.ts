/** The load folder's door: run a journey with k6, judge money and p95 afterwards, compare, and merge segments. */
export { compare, readBaseline, saveBaseline, withComparison, type Comparison } from './baseline.ts';
export { journeys, profiles, readProfile } from './choices.ts';
export { findK6, type FindK6Options, type K6 } from './find-k6.ts';
export { kneeText } from './knee.ts';
export { mergeResults } from './merge.ts';
export { ofOperations } from './of-operations.ts';
export type { OperationLine } from './lib/k6/operation-line.ts';
export { headline, rowsOf, simulatorCost, type LoadResult } from './result.ts';
export { runLoad, type LoadOptions } from './run.ts';
export { writeLoadReports } from './report/write-reports.ts';
