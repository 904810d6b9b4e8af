/** Carries out one task of the hunt in this process. */
import { checkCorrect, huntMutant } from './hunt.ts';
import { MUTANTS } from './list.ts';
import type { Task, TaskResult } from './worker-messages.ts';

export async function carryOutTask(task: Task, onSeed: (name: string, seed: number) => void): Promise<TaskResult> {
  if (task.kind === 'correct') return { kind: 'correct', outcome: await checkCorrect(task.seed) };
  const mutant = MUTANTS.find(({ name }) => name === task.name);
  if (mutant === undefined) throw new Error(`Bug: there is no mutant ${task.name}`);
  return { kind: 'mutant', outcome: await huntMutant(mutant, { ...task, onSeed: (seed) => onSeed(task.name, seed) }) };
}
