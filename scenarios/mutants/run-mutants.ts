/**
 * The proof that the harness finds bugs and only bugs: every mutant against generated runs
 * until an invariant fails, and the correct service against all of them, where every failure is
 * a false alarm. Deterministic: the same seeds give the same result, however many workers.
 */
import { availableParallelism } from 'node:os';
import { UserError } from '../../kernel/index.ts';
import type { CorrectOutcome, MutantOutcome } from './hunt.ts';
import { MUTANTS } from './list.ts';
import { carryOutAll } from './worker-pool.ts';
import type { Task, TaskResult } from './worker-messages.ts';

/** More workers than this only compete for memory: each has a database of its own. */
const MOST_WORKERS = 4;

export const MOST_SEEDS = 100_000;

/** Most counterexamples are as small as they get by then. */
const SHRINK_TRIES = 40;

export interface MutantsOptions {
  /** Seeds 1 to this number, for each mutant. */
  seeds: number;
  /** Seeds 1 to this number for the correct service; default as many, 0 for none. */
  correctSeeds?: number;
  /** Tries to make each counterexample smaller; default 40, 0 for none. */
  shrinkTries?: number;
  /** Names of mutants; default all of them. */
  names?: readonly string[];
  /** Processes; default by the machine's cores. 1 stays in this process. */
  workers?: number;
  onProgress?: (progress: MutantsProgress) => void;
  signal?: AbortSignal;
}

export interface MutantsProgress {
  /** Steps: one for each mutant, one for each seed of the correct service. */
  done: number;
  total: number;
  /** What was just done, in words. */
  label: string;
  /** Set when a step is finished: a line for a log; absent for uneventful seeds of the correct service. */
  line?: string;
}

export interface MutantsResult {
  /** How many of how many mutants were caught, such as `10/10`. */
  detected: string;
  /** Mutants were tried with seeds 1 to this number, until they were caught. */
  seeds: number;
  /** The correct service was tried with seeds 1 to this number. */
  correctSeeds: number;
  /** How many were caught by generated runs, which know nothing of them. */
  caughtByGeneratedRuns: number;
  /** Generated runs until these were caught; null when none was. */
  medianSeeds: number | null;
  /** Of the counterexamples that were made smaller; null when none was. */
  medianSmall: { payments: number; faults: number; timelineLines: number } | null;
  mutants: MutantOutcome[];
  /** Invariants that failed on the correct service. */
  falseAlarms: CorrectOutcome[];
  /** Runs of the correct service of which nothing certain can be said. */
  inconclusive: CorrectOutcome[];
  /** Seeds under which the correct service passed. */
  passed: number;
  /** True when the hunt was stopped before its end. */
  stopped: boolean;
}

/** @throws UserError for an unknown mutant or a number of seeds that makes no sense. */
export async function runMutants(options: MutantsOptions): Promise<MutantsResult> {
  const { seeds, correctSeeds = seeds, shrinkTries = SHRINK_TRIES, onProgress = () => undefined, signal } = options;
  checkCount(seeds, 1);
  checkCount(correctSeeds, 0);
  const names = namesOf(options.names);
  const tasks: Task[] = [
    ...names.map((name): Task => ({ kind: 'mutant', name, seeds, shrinkTries })),
    ...Array.from({ length: correctSeeds }, (_, index): Task => ({ kind: 'correct', seed: index + 1 })),
  ];
  let done = 0;
  const results = await carryOutAll(tasks, {
    workers: options.workers ?? Math.min(availableParallelism(), MOST_WORKERS),
    signal,
    onSeed: (name, seed) => onProgress({ done, total: tasks.length, label: `${name}, seed ${seed}` }),
    onDone: (result) => {
      done += 1;
      onProgress({ done, total: tasks.length, ...wordsOf(result) });
    },
  });
  return summary(results, { seeds, correctSeeds, wanted: names.length, complete: done === tasks.length });
}

function namesOf(asked: readonly string[] | undefined): string[] {
  const known = MUTANTS.map(({ name }) => name);
  if (asked === undefined || asked.length === 0) return known;
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UserError(`there is no mutant "${unknown}"`, `Allowed: ${known.join(', ')}.`);
  return known.filter((name) => asked.includes(name));
}

function summary(
  results: readonly (TaskResult | undefined)[],
  { wanted, complete, ...counts }: { seeds: number; correctSeeds: number; wanted: number; complete: boolean },
): MutantsResult {
  const mutants = results.flatMap((result) => (result?.kind === 'mutant' ? [result.outcome] : []));
  const correct = results.flatMap((result) => (result?.kind === 'correct' ? [result.outcome] : []));
  return {
    detected: `${mutants.filter(({ caught }) => caught).length}/${wanted}`,
    ...counts,
    ...mediansOf(mutants),
    mutants,
    falseAlarms: correct.filter(({ verdict }) => verdict === 'fail'),
    inconclusive: correct.filter(({ verdict }) => verdict === 'unknown' || verdict === 'broken'),
    passed: correct.filter(({ verdict }) => verdict === 'pass').length,
    stopped: !complete,
  };
}

function checkCount(count: number, least: number): void {
  if (!Number.isInteger(count) || count < least || count > MOST_SEEDS) {
    throw new UserError(`${count} is no number of seeds`, `Give a whole number from ${least} to ${MOST_SEEDS}.`);
  }
}

function mediansOf(
  mutants: readonly MutantOutcome[],
): Pick<MutantsResult, 'caughtByGeneratedRuns' | 'medianSeeds' | 'medianSmall'> {
  const generated = mutants.filter(({ found }) => found === 'generated');
  const small = mutants.flatMap((mutant) => mutant.small ?? []);
  const of = (field: 'payments' | 'faults' | 'timelineLines'): number => medianOf(small.map((one) => one[field])) ?? 0;
  return {
    caughtByGeneratedRuns: generated.length,
    medianSeeds: medianOf(generated.map(({ seedsTried }) => seedsTried)),
    medianSmall:
      small.length === 0
        ? null
        : { payments: of('payments'), faults: of('faults'), timelineLines: of('timelineLines') },
  };
}

/** The upper one of two in the middle; null of nothing. */
function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

function wordsOf(result: TaskResult): Pick<MutantsProgress, 'label' | 'line'> {
  if (result.kind === 'mutant') {
    const { name, caught, found, scenario, by, seed, seedsTried } = result.outcome;
    const where = found === 'generated' ? `seed ${seed}` : `seed ${seed} of ${scenario}`;
    const line = caught
      ? `${name} caught by ${by.join(', ')} at ${where}`
      : `${name} not caught in ${seedsTried} seeds`;
    return { label: line, line };
  }
  const { seed, verdict, by, reason } = result.outcome;
  const label = `correct service, seed ${seed}`;
  return verdict === 'pass'
    ? { label }
    : { label, line: `${label}: ${verdict} ${by.join(', ')} ${reason ?? ''}`.trim() };
}
