/**
 * What a data folder says about its server (`postmaster.pid`), and how to end a server that a
 * killed run has left behind. The caller holds the lock of the folder.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { isAlive } from './folder-lock.ts';

/** A fast shutdown takes about 100 ms; a server that needs longer than this is stopped harder. */
const STOP_DEADLINE_MS = 10_000;
const POLL_MS = 20;

/** Line numbers of the file, from 0 (PostgreSQL's miscadmin.h). */
const LINE_PID = 0;
const LINE_STATUS = 7;

function pidFile(dataDir: string): string {
  return join(dataDir, 'postmaster.pid');
}

function readLines(dataDir: string): string[] {
  try {
    return readFileSync(pidFile(dataDir), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** True once the server with this process id accepts connections. */
export function isReady(dataDir: string, pid: number): boolean {
  const lines = readLines(dataDir);
  return lines[LINE_PID] === String(pid) && lines[LINE_STATUS]?.trim() === 'ready';
}

/**
 * Ends a live server of this folder and clears the file of a dead one.
 * Returns true when a live server was found.
 */
export async function endLeftover(dataDir: string, clock: Clock): Promise<boolean> {
  const pid = Number(readLines(dataDir)[LINE_PID]);
  const alive = Number.isSafeInteger(pid) && pid > 1 && isAlive(pid) && serves(pid, dataDir);
  if (alive) await stopProcess(pid, clock);
  rmSync(pidFile(dataDir), { force: true });
  return alive;
}

/** Another program may have got the process id of a dead server: look at the command line. */
function serves(pid: number, dataDir: string): boolean {
  const { stdout } = spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  if (typeof stdout === 'string' && stdout !== '') return stdout.includes(dataDir);
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(dataDir);
  } catch {
    return false;
  }
}

/** Fast shutdown (SIGINT), then immediate (SIGQUIT), then SIGKILL. */
export async function stopProcess(pid: number, clock: Clock): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!trySignal(pid, signal)) return;
    const deadline = clock.elapsed() + STOP_DEADLINE_MS;
    while (clock.elapsed() < deadline) {
      if (!isAlive(pid)) return;
      await clock.sleep(POLL_MS);
    }
  }
}

/** False when the process is gone. */
export function trySignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
