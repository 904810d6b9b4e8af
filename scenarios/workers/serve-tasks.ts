/**
 * The worker's side of the pool: takes one task after the other from its parent. It ends with its
 * parent, and leaves Ctrl-C to it.
 */
import type { FromWorker } from './messages.ts';

export function serveTasks<Task, Result, Said>(
  carryOut: (task: Task, say: (said: Said) => void) => Promise<Result>,
): void {
  const tell = (message: FromWorker<Result, Said>): void => {
    if (process.connected) process.send?.(message);
  };
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit(0));
  process.on('message', (task: Task) => {
    void carryOut(task, (said) => tell({ type: 'said', said })).then(
      (result) => tell({ type: 'done', result }),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
