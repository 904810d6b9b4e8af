/** The load folder's door: run a journey with k6 and judge money and p95 afterwards. */
export { findK6, type FindK6Options, type K6 } from './find-k6.ts';
export { journeys, profiles, runLoad, type LoadOptions, type LoadResult } from './run.ts';
