/** What the parent and a worker of the hunt say to each other. Plain data: it crosses a process. */
import type { CorrectOutcome, MutantOutcome } from './hunt.ts';

/** One piece of work. */
export type Task =
  { kind: 'mutant'; name: string; seeds: number; shrinkTries: number } | { kind: 'correct'; seed: number };

export type TaskResult = { kind: 'mutant'; outcome: MutantOutcome } | { kind: 'correct'; outcome: CorrectOutcome };

/** What a worker says while it hunts. */
export interface SeedDone {
  name: string;
  seed: number;
}
