/**
 * One window: the tables are made new, deposits are made for a few seconds, by the service or by
 * pgbench, and what it cost is read off. A window of the service ends when the last deposit that
 * began in it is credited: what waits in a queue is not done.
 */
import { perDeposit, type BenchDatabase, type WorkDone } from './database.ts';
import type { DriveResult } from './driver.ts';
import { cpuOf, cpuOfFamily, machineSince, machineTime, type MachineReport } from './machine.ts';
import { runPgbench } from './pgbench.ts';
import type { Driver, ServiceProcess } from './service.ts';
import type { Script } from './statements.ts';

export const PLAYERS = 10_000;

export interface Window {
  perSecond: number;
  deposits: number;
  /** Core-milliseconds per deposit; null where they cannot be read. */
  cpu: { client: number | null; service: number | null; database: number | null };
  work: WorkDone;
  machine: MachineReport;
  /** Milliseconds; of the service only. */
  init: DriveResult['init'] | null;
  credit: { p50: number; p95: number; p99: number } | null;
}

export interface Bench {
  database: BenchDatabase;
  driver: Driver;
  script: Script;
}

const CREDITED = `select count(*) as credited from transfer where kind = 'deposit_credit'`;

const CREDIT_TIMES = `
  select percentile_disc(array[0.5, 0.95, 0.99]) within group (order by credited_at - created_at) as ms
  from payment where credited_at is not null`;

/** Deposits that are not credited so long after the driver's end are lost. */
const DRAIN_MS = 30_000;
const DRAIN_LOOK_MS = 20;

export async function serviceWindow(
  { database, driver }: Bench,
  service: ServiceProcess,
  how: { lanes: number; seconds: number; psps: string[]; ratePerSecond?: number },
): Promise<Window> {
  await database.reset();
  const before = await database.work();
  service.resume();
  const machine = machineTime();
  const cpu = { database: cpuOfFamily(database.postmaster), service: cpuOf(service.pid) };
  const own = process.cpuUsage();
  const startedAt = performance.now();
  const { lanes, seconds, psps, ratePerSecond } = how;
  const driven = await driver.run({
    port: service.port,
    psps,
    players: PLAYERS,
    lanes,
    durationMs: seconds * 1_000,
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
  });
  await credited(database, driven.deposits);
  const elapsed = (performance.now() - startedAt) / 1_000;
  if (driven.refused > 0) throw new Error(`${driven.refused} requests were not answered as they should be`);
  const used = {
    database: since(cpu.database, cpuOfFamily(database.postmaster)),
    service: since(cpu.service, cpuOf(service.pid)),
  };
  const { user, system } = process.cpuUsage(own);
  const ours = (used.database ?? 0) + (used.service ?? 0) + driven.cpuMs + (user + system) / 1_000;
  const report = machineSince(machine, ours);
  const after = await database.work();
  service.pause();
  const [times] = await database.query<{ ms: string[] }>(CREDIT_TIMES);
  const [p50 = 0, p95 = 0, p99 = 0] = (times?.ms ?? []).map(Number);
  return {
    perSecond: driven.deposits / elapsed,
    deposits: driven.deposits,
    cpu: {
      client: driven.cpuMs / driven.deposits,
      service: each(used.service, driven.deposits),
      database: each(used.database, driven.deposits),
    },
    work: perDeposit(before, after, driven.deposits),
    machine: report,
    init: driven.init,
    credit: { p50, p95, p99 },
  };
}

/** Waits until that many deposits are credited, all that there are. */
export async function credited(database: BenchDatabase, deposits: number): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  for (;;) {
    const [row] = await database.query<{ credited: string }>(CREDITED);
    const count = Number(row?.credited);
    if (count === deposits) return;
    if (count > deposits) throw new Error(`${count} credits for ${deposits} deposits: money was doubled`);
    if (performance.now() > deadline) throw new Error(`${deposits - count} of ${deposits} deposits were not credited`);
    await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_MS));
  }
}

export async function pgbenchWindow(
  { database, script }: Bench,
  how: { clients: number; seconds: number },
): Promise<Window> {
  await database.reset();
  const before = await database.work();
  const machine = machineTime();
  const cpu = cpuOfFamily(database.postmaster);
  const own = process.cpuUsage();
  const { deposits, perSecond, cpuMs } = await runPgbench(database.url, script, how);
  const used = since(cpu, cpuOfFamily(database.postmaster));
  const { user, system } = process.cpuUsage(own);
  const report = machineSince(machine, (used ?? 0) + cpuMs + (user + system) / 1_000);
  const after = await database.work();
  const [row] = await database.query<{ credited: string }>(CREDITED);
  // Some that began may have been cut off by the end; none may be missing.
  if (Number(row?.credited) < deposits) throw new Error(`pgbench credited ${row?.credited} of ${deposits} deposits`);
  return {
    perSecond,
    deposits,
    cpu: { client: cpuMs / deposits, service: null, database: each(used, deposits) },
    work: perDeposit(before, after, deposits),
    machine: report,
    init: null,
    credit: null,
  };
}

function since(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : after - before;
}

function each(sum: number | null, deposits: number): number | null {
  return sum === null ? null : sum / deposits;
}
