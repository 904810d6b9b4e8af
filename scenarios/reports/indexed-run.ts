/** A run as the page over many runs knows it: by its verdict.json alone, and what is to be said of it there. */
import type { VerdictJson } from './verdict-json.ts';

export interface IndexedRun {
  /** Of the run directory, relative to the folder, with `/`. */
  path: string;
  /** Name of the run directory: it begins with the time of the run. */
  name: string;
  verdict: VerdictJson;
}

export interface RunsIndex {
  /** Newest first. */
  runs: IndexedRun[];
  /** The newest run of each scenario and driver, what needs a look first. */
  latest: IndexedRun[];
  /** Directories that look like runs and have no verdict: killed, or still running. */
  unfinished: string[];
}

/** The invariants of a run that did not pass, and what it should have seen. */
export function notPassed({ invariants, expectations }: VerdictJson): string[] {
  const bad = invariants.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown').map(({ id }) => id);
  const unmet = expectations.filter((expectation) => !expectation.met).length;
  return [...bad, ...(unmet > 0 ? [`${unmet} not seen`] : [])];
}

/** The first sentence about why a run is no pass. */
export function complaintOf({ invariants, expectations }: VerdictJson): string {
  const failed = invariants.find(({ verdict }) => verdict === 'fail');
  if (failed !== undefined) return failed.violations[0]?.contradiction ?? failed.title;
  const unknown = invariants.find(({ verdict }) => verdict === 'unknown');
  if (unknown !== undefined) return `${unknown.id} ${unknown.title}: ${unknown.reason ?? 'unknown'}.`;
  const unmet = expectations.find((expectation) => !expectation.met);
  return unmet === undefined ? '' : `Not seen: ${unmet.text}.`;
}
