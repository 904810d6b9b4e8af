/**
 * Workers of the hunt. Results come back in the order of the tasks, so how the work was spread
 * cannot be seen in them.
 */
import { closeVirtualDatabase } from '../drivers/index.ts';
import { carryOutTasks } from '../workers/worker-pool.ts';
import { carryOutTask } from './carry-out-task.ts';
import type { SeedDone, Task, TaskResult } from './worker-messages.ts';

export interface PoolOptions {
  workers: number;
  onSeed: (name: string, seed: number) => void;
  onDone: (result: TaskResult) => void;
  signal?: AbortSignal | undefined;
}

/** Undefined for a task that was not finished when the signal came. */
export async function carryOutAll(tasks: readonly Task[], options: PoolOptions): Promise<(TaskResult | undefined)[]> {
  const results: (TaskResult | undefined)[] = tasks.map(() => undefined);
  await carryOutTasks<Task, TaskResult, SeedDone>(tasks, {
    workers: Math.min(options.workers, tasks.length),
    program: new URL('./worker', import.meta.url).href,
    here: (task, say) => carryOutTask(task, (name, seed) => say({ name, seed })),
    onSaid: ({ name, seed }) => options.onSeed(name, seed),
    onDone: (result, index) => {
      results[index] = result;
      options.onDone(result);
    },
    closeHere: closeVirtualDatabase,
    signal: options.signal,
  });
  return results;
}
