/**
 * One piece of exploring: a token is run, twice when the determinism is audited, and what came of
 * it is put into plain data. A failure is made smaller by another task, so that a long search does
 * not keep the other seeds waiting.
 */
import { diffHistories, messageOf, type HistoryEvent } from '../../kernel/index.ts';
import { coverageOf, type Coverage } from '../coverage/index.ts';
import { resolveScenario, type Scenario } from '../dsl/index.ts';
import { runOfToken } from '../mutants/replay-token.ts';
import { failureBlock } from '../reports/index.ts';
import { runScenario, type RunResult } from '../runner/run-scenario.ts';
import { smallestFailure } from './smallest-failure.ts';
import { formatToken, parseToken, type GeneratedToken } from './token.ts';

export type ExploreTask =
  | { kind: 'run'; token: string; audit: boolean }
  | { kind: 'shrink'; token: string; invariant: string; mostTries: number; color: boolean };

export type ExploreResult = { kind: 'run'; outcome: SeedOutcome } | { kind: 'shrink'; outcome: ShrunkOutcome };

/** What became of one seed. */
export interface SeedOutcome {
  token: string;
  /** `broken`: the harness could not carry the run out. */
  verdict: RunResult['verdict'] | 'broken';
  /** Invariants that failed, or of which nothing could be said. */
  by: string[];
  /** The contradiction, why nothing could be said, or the error. */
  reason: string | null;
  virtualMs: number;
  coverage: Coverage;
  /** Audited, and the second run had another history: the first differing event of each, with what led to it. */
  difference?: { first: string[]; second: string[] };
}

export interface ShrunkOutcome {
  /** Of the smallest scenario that still breaks the invariant. */
  token: string;
  invariant: string;
  scenario: Scenario;
  contradiction: string;
  /** The failure block of the smallest run. */
  block: string;
  payments: number;
  faults: number;
  tries: number;
}

export async function carryOutExploring(task: ExploreTask): Promise<ExploreResult> {
  if (task.kind === 'run') return { kind: 'run', outcome: await exploreToken(task) };
  return { kind: 'shrink', outcome: await shrinkToken(task) };
}

async function exploreToken({ token, audit }: Extract<ExploreTask, { kind: 'run' }>): Promise<SeedOutcome> {
  const nothing: Coverage = { cells: {}, goals: [] };
  try {
    const result = await runToken(token);
    const { judged, verdict, history } = result;
    const told = judged.invariants.filter((one) => one.verdict === verdict && verdict !== 'pass');
    const outcome: SeedOutcome = {
      token,
      verdict,
      by: told.map(({ id }) => id),
      reason: told[0]?.violations[0]?.contradiction ?? told[0]?.reason ?? null,
      virtualMs: judged.virtualMs,
      coverage: coverageOf(history),
    };
    const difference = audit ? differenceOf(history, (await runToken(token)).history) : undefined;
    return difference === undefined ? outcome : { ...outcome, difference };
  } catch (error) {
    return { token, verdict: 'broken', by: [], reason: messageOf(error), virtualMs: 0, coverage: nothing };
  }
}

function runToken(token: string): Promise<RunResult> {
  return runScenario(runOfToken(tokenOf(token)));
}

async function shrinkToken(task: Extract<ExploreTask, { kind: 'shrink' }>): Promise<ShrunkOutcome> {
  const token = tokenOf(task.token);
  const { scenario, path, tries } = await smallestFailure(token, task.invariant, { mostTries: task.mostTries });
  const whole = [...(token.path ?? []), ...path];
  const small = formatToken(whole.length === 0 ? token : { ...token, path: whole });
  const { report } = await runToken(small);
  const violation = report.judged.invariants.find(({ id }) => id === task.invariant)?.violations[0];
  const { operations, faults } = resolveScenario(scenario, token.seed);
  return {
    token: small,
    invariant: task.invariant,
    scenario,
    contradiction: violation?.contradiction ?? '',
    block: failureBlock(report, { color: task.color }),
    payments: operations.filter(({ kind }) => kind === 'deposit' || kind === 'payout').length,
    faults: faults.length,
    tries,
  };
}

function tokenOf(text: string): GeneratedToken {
  const token = parseToken(text);
  if (token?.kind !== 'generated') throw new Error(`Bug: "${text}" is no token of a generated run`);
  return token;
}

/** Undefined when both histories are the same. */
function differenceOf(
  first: readonly HistoryEvent[],
  second: readonly HistoryEvent[],
): SeedOutcome['difference'] | undefined {
  const difference = diffHistories(first, second);
  if (difference === undefined) return undefined;
  return { first: difference.leftChain.map(lineOf), second: difference.rightChain.map(lineOf) };
}

/** One event on one line, as people read it. */
export function lineOf({ i, t, proc, type, f, key, value }: HistoryEvent): string {
  return `#${i} at ${t} ms  ${proc} ${type} ${f} ${key ?? ''} ${JSON.stringify(value ?? {})}`;
}
