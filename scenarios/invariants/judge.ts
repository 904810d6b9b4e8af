/**
 * Judges one history: every applicable invariant, then the run's own verdict (worst wins:
 * fail, then unknown, then pass). Pure: the same events give the same judgement, now or years
 * later, so old runs can be judged again by new invariants.
 */
import { buildRunModel } from '../history/index.ts';
import type { HistoryEvent, RunModel } from '../history/index.ts';
import type { Invariant, Judgement, Verdict } from './invariant.ts';
import { withinReach } from './within-reach.ts';
import { INVARIANTS, applicableInvariants } from './registry.ts';

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
  /** Ids of the invariants that this run must show; the rest is listed as not applicable. Default: by the history's traffic. */
  applicable?: readonly string[];
  expectations?: readonly Expectation[];
}

/** Judges a history. An invariant that breaks is unknown, with its error as the reason. */
export function judgeHistory(events: readonly HistoryEvent[], options: JudgeOptions = {}): JudgedRun {
  const run = buildRunModel(events);
  const wanted = new Set(options.applicable ?? applicableInvariants(run));
  const invariants = INVARIANTS.map((invariant) => judgeOne(invariant, run, wanted.has(invariant.id)));
  const expectations = [...(options.expectations ?? [])];
  const verdict = worst(invariants, expectations);
  return {
    verdict,
    exitCode: verdict === 'fail' ? 1 : verdict === 'unknown' ? 2 : 0,
    counts: countOf(run),
    virtualMs: events.at(-1)?.t ?? 0,
    invariants,
    expectations,
  };
}

function judgeOne(invariant: Invariant, run: RunModel, applicable: boolean): JudgedInvariant {
  const { id, title, says } = invariant;
  if (!applicable) {
    return {
      id,
      title,
      says,
      verdict: 'not-applicable',
      checked: 0,
      violations: [],
      reason: 'not put to the test by this run',
    };
  }
  try {
    return { id, title, says, ...withinReach(id, invariant.judge(run), run) };
  } catch (error) {
    const reason = `judging failed: ${error instanceof Error ? error.message : String(error)}`;
    return { id, title, says, verdict: 'unknown', checked: 0, violations: [], reason };
  }
}

function worst(invariants: readonly JudgedInvariant[], expectations: readonly Expectation[]): Verdict {
  const judged = invariants.filter((invariant) => invariant.verdict !== 'not-applicable');
  if (judged.some((invariant) => invariant.verdict === 'fail')) return 'fail';
  if (judged.length === 0 || judged.some((invariant) => invariant.verdict === 'unknown')) return 'unknown';
  return expectations.every((expectation) => expectation.met) ? 'pass' : 'unknown';
}

function countOf(run: RunModel): RunCounts {
  const hits: Record<string, number> = {};
  for (const fault of run.faults) {
    // An outage acts by being there: whoever comes finds the door shut and leaves no hit.
    if (fault.phase === 'hit' || (fault.phase === 'begin' && fault.fault === 'outage')) {
      hits[fault.fault] = (hits[fault.fault] ?? 0) + 1;
    }
  }
  const all = [...run.payments.values()];
  return {
    payments: all.filter((payment) => payment.kind === 'deposit').length,
    payouts: all.filter((payment) => payment.kind === 'payout').length,
    events: run.events.length,
    deliveries: run.deliveries.length,
    exchanges: run.exchanges.length,
    faults_hit: hits,
  };
}
