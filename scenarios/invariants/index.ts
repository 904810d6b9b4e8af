/** Door of the invariants: the catalogue, and the judge. */
export type { Invariant, Judgement, Verdict, Violation } from './invariant.ts';
export { INVARIANTS, applicableInvariants } from './registry.ts';
export { judgeHistory } from './judge.ts';
export type { Expectation, JudgeOptions, JudgedInvariant, JudgedRun, RunCounts } from './judge.ts';
