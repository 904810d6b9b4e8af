/**
 * Judges one history: every applicable invariant, then the run's own verdict (worst wins:
 * fail, then unknown, then pass). Pure: the same events give the same judgement, now or years
 * later, so old runs can be judged again by new invariants.
 */
import type { HistoryEvent } from '../history/vocabulary.ts';
import type { Judgement, Verdict } from './invariant.ts';

/** An invariant outside the scenario's reach is `not-applicable`: listed, never counted as pass. */
export interface JudgedInvariant extends Omit<Judgement, 'verdict'> {
  id: string;
  title: string;
  says: string;
  verdict: Verdict | 'not-applicable';
}

/** Something the scenario wanted to see (a fault hit, enough successes). Unmet makes the run unknown, never a pass. */
export interface Expectation {
  text: string;
  met: boolean;
}

export interface RunCounts {
  payments: number;
  payouts: number;
  events: number;
  deliveries: number;
  exchanges: number;
  /** Hits per fault name. */
  faults_hit: Record<string, number>;
}

export interface JudgedRun {
  verdict: Verdict;
  /** 0 pass, 1 violated, 2 inconclusive. */
  exitCode: 0 | 1 | 2;
  counts: RunCounts;
  /** Scenario time of the last event, in milliseconds. */
  virtualMs: number;
  invariants: JudgedInvariant[];
  expectations: Expectation[];
}

export interface JudgeOptions {
  /** Ids of the invariants that this run must show; the rest is listed as not applicable. Default: by what the history contains. */
  applicable?: readonly string[];
  expectations?: readonly Expectation[];
}

export declare function judgeHistory(events: readonly HistoryEvent[], options?: JudgeOptions): JudgedRun;
