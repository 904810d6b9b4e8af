/**
 * Processor time, and the most memory that the service process, and all processes of the database together, have held
 * at once: proportional set size, so that pages which the database's processes share count once.
 * Read from /proc every quarter of a second; without it (not Linux) the answer is zero.
 */
import { readdirSync, readFileSync } from 'node:fs';

const EVERY_MS = 250;

export class MemoryWatch {
  readonly #pids: { node: number; postgres: number };
  readonly #peak = { node: 0, postgres: 0 };
  readonly #before: { node: number; postgres: number };
  readonly #timer: NodeJS.Timeout;

  constructor(pids: { node: number; postgres: number }) {
    this.#pids = pids;
    this.#before = { node: secondsOf([pids.node]), postgres: secondsOf(familyOf(pids.postgres)) };
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  stop(): { node: number; postgres: number; seconds: { node: number; postgres: number } } {
    this.#look();
    clearInterval(this.#timer);
    const { node, postgres } = this.#pids;
    const seconds = {
      node: secondsOf([node]) - this.#before.node,
      postgres: secondsOf(familyOf(postgres)) - this.#before.postgres,
    };
    return { ...this.#peak, seconds };
  }

  #look(): void {
    const { node, postgres } = this.#pids;
    this.#peak.node = Math.max(this.#peak.node, residentOf(node));
    const all = familyOf(postgres).reduce((sum, pid) => sum + sharedOut(pid), 0);
    this.#peak.postgres = Math.max(this.#peak.postgres, all);
  }
}

function residentOf(pid: number): number {
  return kilobytes(`/proc/${pid}/status`, /^VmHWM:\s+(\d+) kB/m);
}

function sharedOut(pid: number): number {
  return kilobytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB/m);
}

function kilobytes(path: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(path, 'utf8'))?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((one) => parentOf(one) === pid);
  } catch {
    return [];
  }
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function familyOf(pid: number): number[] {
  return [pid, ...childrenOf(pid)];
}

/** User and system time, that of children that have ended included, in seconds; the kernel counts in hundredths. */
function secondsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      return sum + [11, 12, 13, 14].reduce((ticks, field) => ticks + Number(fields[field]), 0) / 100;
    } catch {
      return sum;
    }
  }, 0);
}
