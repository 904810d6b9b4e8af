/**
 * Ends a child server when this process ends in any way it can notice: normal exit, uncaught
 * exception, SIGINT, SIGTERM, SIGHUP. (Being killed cannot be noticed; see `launch-mode.ts`.)
 */
import { trySignal } from './postmaster.ts';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Returns the function that takes the watch back, for a server that was stopped in order. */
export function endWithProcess(pid: number): () => void {
  const end = (): void => {
    trySignal(pid, 'SIGINT');
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    // Whoever else listens shuts down in order and stops the server itself.
    if (process.listenerCount(signal) > 1) return;
    unwatch();
    end();
    process.kill(process.pid, signal);
  };
  const unwatch = (): void => {
    process.off('exit', end);
    for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
  };
  process.on('exit', end);
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  return unwatch;
}
