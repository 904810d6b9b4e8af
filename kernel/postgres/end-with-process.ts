/**
 * Ends child servers when this process ends in any way it can notice: normal exit, uncaught
 * exception, SIGINT, SIGTERM, SIGHUP. (Being killed cannot be noticed; see `launch-mode.ts`.)
 *
 * One watch for all servers of the process: each signal has at most one listener of ours, so
 * whether somebody else shuts down in order can be told by counting listeners.
 */
import { trySignal } from './postmaster.ts';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The servers that run now; the only state of this module, because a process has one end. */
const serverPids = new Set<number>();

function endAll(): void {
  for (const pid of serverPids) trySignal(pid, 'SIGINT');
}

function onSignal(signal: NodeJS.Signals): void {
  // Whoever else listens shuts down in order and stops the servers itself.
  if (process.listenerCount(signal) > 1) return;
  unwatch();
  endAll();
  process.kill(process.pid, signal);
}

function watch(): void {
  process.on('exit', endAll);
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
}

function unwatch(): void {
  process.off('exit', endAll);
  for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
}

/** Returns the function to call when the server was stopped in order. */
export function endWithProcess(pid: number): () => void {
  if (serverPids.size === 0) watch();
  serverPids.add(pid);
  return () => {
    if (serverPids.delete(pid) && serverPids.size === 0) unwatch();
  };
}
