/**
 * A worker process of the hunt: takes one task after the other from its parent. Each worker has
 * its own in-process database, which one process could not share between two runs at once. It
 * ends with its parent, and leaves Ctrl-C to it.
 */
import { carryOutTask } from './carry-out-task.ts';
import type { FromWorker, Task } from './worker-messages.ts';

const tell = (message: FromWorker): void => {
  if (process.connected) process.send?.(message);
};

process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (task: Task) => {
  void carryOutTask(task, (name, seed) => tell({ type: 'seed', name, seed })).then(
    (result) => tell({ type: 'done', result }),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
});
