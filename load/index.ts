/** The load folder's door: run a journey with k6, judge money and p95 afterwards, and merge segments. */
export { findK6, type FindK6Options, type K6 } from './find-k6.ts';
export { mergeResults } from './merge.ts';
export { headline, rowsOf, type LoadResult } from './result.ts';
export { journeys, profiles, readProfile, runLoad, type LoadOptions } from './run.ts';
export { writeLoadReports } from './write-reports.ts';
