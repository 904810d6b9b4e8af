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

export interface MutantsOptions {
  /** Seeds 1 to this number. */
  seeds: number;
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
  /** Seeds 1 to this number were tried. */
  seeds: number;
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
  const { seeds, onProgress = () => undefined, signal } = options;
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > MOST_SEEDS) {
    throw new UserError(`${seeds} is no number of seeds`, `Give a whole number from 1 to ${MOST_SEEDS}.`);
  }
  const names = namesOf(options.names);
  const tasks: Task[] = [
    ...names.map((name): Task => ({ kind: 'mutant', name, seeds })),
    ...Array.from({ length: seeds }, (_, index): Task => ({ kind: 'correct', seed: index + 1 })),
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
  return summary(results, { seeds, wanted: names.length, complete: done === tasks.length });
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
  { seeds, wanted, complete }: { seeds: number; wanted: number; complete: boolean },
): MutantsResult {
  const mutants = results.flatMap((result) => (result?.kind === 'mutant' ? [result.outcome] : []));
  const correct = results.flatMap((result) => (result?.kind === 'correct' ? [result.outcome] : []));
  return {
    detected: `${mutants.filter(({ caught }) => caught).length}/${wanted}`,
    seeds,
    mutants,
    falseAlarms: correct.filter(({ verdict }) => verdict === 'fail'),
    inconclusive: correct.filter(({ verdict }) => verdict === 'unknown' || verdict === 'broken'),
    passed: correct.filter(({ verdict }) => verdict === 'pass').length,
    stopped: !complete,
  };
}

function wordsOf(result: TaskResult): Pick<MutantsProgress, 'label' | 'line'> {
  if (result.kind === 'mutant') {
    const { name, caught, by, seed, seedsTried } = result.outcome;
    const line = caught
      ? `${name} caught by ${by.join(', ')} at seed ${seed}`
      : `${name} not caught in ${seedsTried} seeds`;
    return { label: line, line };
  }
  const { seed, verdict, by, reason } = result.outcome;
  const label = `correct service, seed ${seed}`;
  return verdict === 'pass'
    ? { label }
    : { label, line: `${label}: ${verdict} ${by.join(', ')} ${reason ?? ''}`.trim() };
}
