/**
 * A lock between processes: a file that names its holder. The lock of a process that is
 * gone is stale and may be taken over. Process ids are used again by the system, so the
 * holder is known by its id and its start time together.
 */
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';

/** Taking over takes microseconds; a take-over mark older than this belongs to a process that died in the middle. */
const TAKE_OVER_MARK_LIFE_MS = 10_000;

/** Takes the lock and returns the function that gives it back; undefined while another live process holds it. */
export function tryLock(path: string): (() => void) | undefined {
  const release = (): void => rmSync(path, { force: true });
  if (createExclusively(path)) return release;
  if (isHeld(path)) return undefined;

  const mark = `${path}.take-over`;
  if (!createExclusively(mark)) {
    dropOldMark(mark);
    return undefined;
  }
  try {
    // Under the mark nobody else removes locks; look again before this one is removed.
    if (isHeld(path)) return undefined;
    rmSync(path, { force: true });
    return createExclusively(path) ? release : undefined;
  } finally {
    rmSync(mark, { force: true });
  }
}

function createExclusively(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeSync(file, `${process.pid} ${startTimeOf(process.pid)}\n`);
  closeSync(file);
  return true;
}

function isHeld(path: string): boolean {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch {
    return false;
  }
  const [pid, startTime] = content.trim().split(' ');
  // Created but not yet written: its holder is alive and at work.
  if (pid === undefined || startTime === undefined) return content === '' && isYoung(path);
  return isAlive(Number(pid)) && startTimeOf(Number(pid)) === startTime;
}

function isYoung(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs < TAKE_OVER_MARK_LIFE_MS;
  } catch {
    return false;
  }
}

function dropOldMark(mark: string): void {
  if (!isYoung(mark)) rmSync(mark, { force: true });
}

/** True when a process with this id exists (whoever owns it). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Start time in the kernel's ticks (field 22 of /proc/<pid>/stat); `unknown` where there is no /proc. */
function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may contain spaces: count fields behind it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
