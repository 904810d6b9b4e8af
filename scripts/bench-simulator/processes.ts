/** Starts and asks the processes of a benchmark: servers on one core, the load on another where the system can pin. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import type { LoadOrder, LoadResult } from './load.ts';

const folder = join(projectRoot(), 'scripts', 'bench-simulator');

export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

/** Can processes be held to one core each? */
export const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** Where a subject listens and how it is addressed. */
export interface Announcement {
  port: number;
  credentials: Record<string, string>;
}

/** What a subject has used since its start. */
export interface Usage {
  /** User and system time, milliseconds. */
  cpuMs: number;
  rssMb: number;
  heapMb: number;
  /** Counters of the subject's own. */
  counts: Record<string, number>;
}

export interface Server extends Announcement {
  name: string;
  usage(): Promise<Usage>;
  /** Forgets what it holds, as if nothing had been asked of it so far; the process goes on. */
  reset(): Promise<Usage>;
  stop(): Promise<void>;
}

export async function startSubject(
  name: string,
  script: string,
  args: string[] = [],
  { core = SERVER_CORE, nodeFlags = [] }: { core?: number; nodeFlags?: string[] } = {},
): Promise<Server> {
  const child = startOn(core, process.execPath, [...nodeFlags, join(folder, 'subjects', script), ...args], true);
  const announcement = await answer<Announcement>(child, name);
  return {
    name,
    ...announcement,
    usage: () => {
      child.send('usage');
      return answer<Usage>(child, name);
    },
    reset: () => {
      child.send('reset');
      return answer<Usage>(child, name);
    },
    stop: () => stop(child),
  };
}

export interface LoadGenerator {
  run(order: LoadOrder): Promise<LoadResult>;
  stop(): Promise<void>;
}

export function startLoad(): LoadGenerator {
  const child = startOn(LOAD_CORE, process.execPath, ['--import', 'tsx', join(folder, 'load.ts')], true);
  return {
    run: async (order) => {
      child.send(order);
      const result = await answer<LoadResult | { error: string }>(child, 'the load generator');
      if ('error' in result) throw new Error(`load on port ${order.port}: ${result.error}`);
      return result;
    },
    stop: () => stop(child),
  };
}

export function startOn(core: number, command: string, args: string[], ipc = false): ChildProcess {
  const pinned = canPin ? ['taskset', '-c', String(core), command, ...args] : [command, ...args];
  const [file = command, ...rest] = pinned;
  return spawn(file, rest, {
    stdio: ipc ? ['ignore', 'inherit', 'inherit', 'ipc'] : ['ignore', 'ignore', 'ignore'],
    cwd: projectRoot(),
  });
}

export function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

function answer<T>(child: ChildProcess, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`${name} ended (exit code ${code ?? 'none'})`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });
}
