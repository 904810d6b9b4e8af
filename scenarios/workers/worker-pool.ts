/**
 * A pool of worker processes: as many as asked for, each given the next task when it is free. With
 * one worker everything happens in this process. Each process has a database of its own, which two
 * runs at once could not share. What the tasks are about is not known here.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromWorker } from './messages.ts';

/** Compiled beside compiled sources, through tsx beside the sources themselves. */
const FROM_SOURCES = import.meta.url.endsWith('.ts');

export interface Pool<Task, Result, Said> {
  workers: number;
  /** The program of a worker, which calls `serveTasks`: its URL without the ending. */
  program: string;
  /** Does a task in this process, where there is one worker. */
  here: (task: Task, say: (said: Said) => void) => Promise<Result>;
  /** Something that a worker says while it is at work. */
  onSaid: (said: Said) => void;
  onDone: (result: Result, index: number) => void;
  /** Called when everything was done here, to give back what tasks share. */
  closeHere: () => Promise<void>;
  signal?: AbortSignal | undefined;
}

/** Ends when there is no next task, or when the signal comes: then what was begun is given up. */
export async function carryOutTasks<Task, Result, Said>(
  tasks: Iterable<Task>,
  pool: Pool<Task, Result, Said>,
): Promise<void> {
  const iterator = tasks[Symbol.iterator]();
  let begun = 0;
  const next = (): { task: Task; index: number } | undefined => {
    if (pool.signal?.aborted === true) return undefined;
    const { done, value } = iterator.next();
    return done === true ? undefined : { task: value, index: begun++ };
  };
  if (pool.workers <= 1) return carryOutHere(next, pool);
  await Promise.all(
    Array.from({ length: pool.workers }, async () => {
      const first = next();
      if (first === undefined) return;
      await withWorker(pool, async (give) => {
        for (let given: typeof first | undefined = first; given !== undefined; given = next()) {
          const result = await give(given.task);
          if (result !== undefined) pool.onDone(result.value, given.index);
        }
      });
    }),
  );
}

async function carryOutHere<Task, Result, Said>(
  next: () => { task: Task; index: number } | undefined,
  pool: Pool<Task, Result, Said>,
): Promise<void> {
  try {
    for (let given = next(); given !== undefined; given = next())
      pool.onDone(await pool.here(given.task, pool.onSaid), given.index);
  } finally {
    await pool.closeHere();
  }
}

/** Starts a process, lends it to `work`, ends it. A task gives undefined when the signal ended it. */
async function withWorker<Task, Result, Said>(
  pool: Pool<Task, Result, Said>,
  work: (give: (task: Task) => Promise<{ value: Result } | undefined>) => Promise<void>,
): Promise<void> {
  const child = fork(fileURLToPath(new URL(`${pool.program}${FROM_SOURCES ? '.ts' : '.js'}`)), [], {
    execArgv: FROM_SOURCES ? ['--import', 'tsx'] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const stop = (): void => void child.kill('SIGKILL');
  pool.signal?.addEventListener('abort', stop);
  process.once('exit', stop);
  try {
    await work((task) => giveTo(child, task, pool));
  } finally {
    pool.signal?.removeEventListener('abort', stop);
    process.off('exit', stop);
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      stop();
      await gone;
    }
  }
}

function giveTo<Task, Result, Said>(
  child: ChildProcess,
  task: Task,
  { onSaid, signal }: Pool<Task, Result, Said>,
): Promise<{ value: Result } | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      end();
    };
    const onMessage = (message: FromWorker<Result, Said>): void => {
      if (message.type === 'said') onSaid(message.said);
      else settle(() => resolve({ value: message.result }));
    };
    const onExit = (): void =>
      settle(() => {
        if (signal?.aborted === true) resolve(undefined);
        else reject(new Error('a worker ended in the middle of its work'));
      });
    child.on('message', onMessage);
    child.once('exit', onExit);
    child.send(task as object, (error) => {
      if (error !== null && signal?.aborted !== true) settle(() => reject(error));
    });
  });
}
