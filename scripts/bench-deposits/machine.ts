/**
 * What the machine was doing meanwhile, from /proc: CPU of processes and of their children, load,
 * time stolen by the host, and work of processes that are none of ours. Linux only; elsewhere
 * the numbers are null, and the report says so.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';

/** Clock ticks per second in /proc; the same on every Linux that Node runs on. */
const TICKS = 100;

const canRead = existsSync('/proc/self/stat');

/** Fields after the name, which may hold spaces: state, ppid, … */
function statOf(pid: number | string): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

const ms = (ticks: string | undefined): number => (Number(ticks ?? 0) * 1_000) / TICKS;

export function parentOf(pid: number): number {
  return Number(statOf(pid)?.[1] ?? 0);
}

/** User and system time of a process, milliseconds; null where it cannot be read. */
export function cpuOf(pid: number): number | null {
  const stat = statOf(pid);
  return stat === null ? null : ms(stat[11]) + ms(stat[12]);
}

/** As `cpuOf`, with all children: those that have ended are in the books of their parent. */
export function cpuOfFamily(pid: number): number | null {
  const own = statOf(pid);
  if (own === null) return null;
  let sum = ms(own[11]) + ms(own[12]) + ms(own[13]) + ms(own[14]);
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(name);
    if (stat !== null && Number(stat[1]) === pid) sum += ms(stat[11]) + ms(stat[12]);
  }
  return sum;
}

export interface MachineTime {
  at: number;
  busyMs: number;
  stolenMs: number;
}

export function machineTime(): MachineTime | null {
  if (!canRead) return null;
  const line = readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '';
  const [user, nice, system, , , irq, softirq, steal] = line.split(/\s+/).slice(1);
  const busyMs = ms(user) + ms(nice) + ms(system) + ms(irq) + ms(softirq);
  return { at: performance.now(), busyMs, stolenMs: ms(steal) };
}

export interface MachineReport {
  load1: number;
  /** Shares of one core; null where they cannot be read. */
  stolen: number | null;
  /** Work of processes that do not belong to the benchmark. */
  foreign: number | null;
}

/** @param oursMs CPU of all processes of the benchmark since `before` */
export function machineSince(before: MachineTime | null, oursMs: number): MachineReport {
  const now = machineTime();
  const load1 = Math.round((loadavg()[0] ?? 0) * 100) / 100;
  if (before === null || now === null) return { load1, stolen: null, foreign: null };
  const elapsed = now.at - before.at;
  const share = (value: number): number => Math.round(Math.max(0, value / elapsed) * 1_000) / 1_000;
  return { load1, stolen: share(now.stolenMs - before.stolenMs), foreign: share(now.busyMs - before.busyMs - oursMs) };
}
