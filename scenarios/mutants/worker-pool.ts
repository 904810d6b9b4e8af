/**
 * Workers of the hunt: as many processes as asked for, each given the next task when it is
 * free. With one worker everything happens in this process. Results come back in the order of
 * the tasks, so how the work was spread cannot be seen in them.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { closeVirtualDatabase } from '../drivers/index.ts';
import { carryOutTask } from './carry-out-task.ts';
import type { FromWorker, Task, TaskResult } from './worker-messages.ts';

/** Compiled beside compiled sources, through tsx beside the sources themselves. */
const FROM_SOURCES = import.meta.url.endsWith('.ts');
const WORKER = fileURLToPath(new URL(`./worker.${FROM_SOURCES ? 'ts' : 'js'}`, import.meta.url));

export interface PoolOptions {
  workers: number;
  onSeed: (name: string, seed: number) => void;
  onDone: (result: TaskResult) => void;
  signal?: AbortSignal | undefined;
}

/** Undefined for a task that was not finished when the signal came. */
export async function carryOutAll(tasks: readonly Task[], options: PoolOptions): Promise<(TaskResult | undefined)[]> {
  return options.workers <= 1 ? carryOutHere(tasks, options) : carryOutInWorkers(tasks, options);
}

async function carryOutHere(tasks: readonly Task[], options: PoolOptions): Promise<(TaskResult | undefined)[]> {
  const results: (TaskResult | undefined)[] = tasks.map(() => undefined);
  for (const [index, task] of tasks.entries()) {
    if (options.signal?.aborted === true) break;
    const result = await carryOutTask(task, options.onSeed);
    results[index] = result;
    options.onDone(result);
  }
  await closeVirtualDatabase();
  return results;
}

async function carryOutInWorkers(tasks: readonly Task[], options: PoolOptions): Promise<(TaskResult | undefined)[]> {
  const results: (TaskResult | undefined)[] = tasks.map(() => undefined);
  let next = 0;
  const workers = Math.min(options.workers, tasks.length);
  await Promise.all(
    Array.from({ length: workers }, () =>
      withWorker(options, async (give) => {
        while (next < tasks.length && options.signal?.aborted !== true) {
          const index = next;
          next += 1;
          const result = await give(tasks[index] as Task);
          results[index] = result;
          if (result !== undefined) options.onDone(result);
        }
      }),
    ),
  );
  return results;
}

/** Starts a process, lends it to `work`, ends it. A task gives undefined when the signal ended it. */
async function withWorker(
  options: PoolOptions,
  work: (give: (task: Task) => Promise<TaskResult | undefined>) => Promise<void>,
): Promise<void> {
  const child = fork(WORKER, [], {
    execArgv: FROM_SOURCES ? ['--import', 'tsx'] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const stop = (): void => void child.kill('SIGKILL');
  options.signal?.addEventListener('abort', stop);
  process.once('exit', stop);
  try {
    await work((task) => giveTo(child, task, options));
  } finally {
    options.signal?.removeEventListener('abort', stop);
    process.off('exit', stop);
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      stop();
      await gone;
    }
  }
}

function giveTo(child: ChildProcess, task: Task, { onSeed, signal }: PoolOptions): Promise<TaskResult | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      end();
    };
    const onMessage = (message: FromWorker): void => {
      if (message.type === 'seed') onSeed(message.name, message.seed);
      else settle(() => resolve(message.result));
    };
    const onExit = (): void =>
      settle(() => {
        if (signal?.aborted === true) resolve(undefined);
        else reject(new Error('a worker of the hunt ended in the middle of its work'));
      });
    child.on('message', onMessage);
    child.once('exit', onExit);
    child.send(task, (error) => {
      if (error !== null && signal?.aborted !== true) settle(() => reject(error));
    });
  });
}
