/** The comparison: rounds of windows that take turns, the check that both sides did the same work, and the ratios. */
import { cpus } from 'node:os';
import { startDatabase, rowsOf } from './database.ts';
import { pgbenchVersion } from './pgbench.ts';
import { startDriver, startService, type ServiceProcess } from './service.ts';
import { ofDeposit, pgbenchScript, readLog, type Script } from './statements.ts';
import { credited, pgbenchWindow, PLAYERS, serviceWindow, type Bench, type Window } from './windows.ts';

export interface CompareOptions {
  rounds: number;
  seconds: number;
  quick: boolean;
}

/** A deposit is asked for at one of them in turn; all of them at one for the hot account. */
const PSPS = ['psp-a', 'psp-b', 'psp-c', 'psp-d'];

const CONCURRENCY = [8, 16, 32, 64] as const;

/** A side may do this much less than the other, as a share. */
const TOLERANCE = 0.01;

/** Of the median rate, for latency under a load that comes by itself. */
const OPEN_SHARE = 0.7;

export interface Subject {
  name: string;
  /** Clients or lanes at which it was fastest. */
  concurrency: number;
  windows: Window[];
  /** Of this subject to pgbench, within each round. */
  ratios: number[];
}

export interface Report {
  machine: { node: string; cpu: string; cores: number };
  postgres: { version: string; pgbench: string; settings: Record<string, string> };
  statementsPerDeposit: number;
  rounds: number;
  secondsPerWindow: number;
  subjects: Subject[];
  /** Rate with all deposits at one PSP by the rate with four, within each round. */
  hotAccount: number[];
  open: { name: string; ratePerSecond: number; window: Window }[];
  /** Sentences about work that was not the same; with one of them no ratio counts. */
  unequal: string[];
}

/** How the service is run; what pgbench repeats is the first. */
const MODES: { name: string; environment: Record<string, string> }[] = [
  { name: 'one by one', environment: { DATABASE_BATCHING: 'off' } },
  { name: 'batched', environment: { DATABASE_BATCHING: 'on' } },
];

export async function compare({ rounds, seconds, quick }: CompareOptions): Promise<Report> {
  const pgbench = pgbenchVersion();
  const database = await startDatabase();
  const driver = await startDriver();
  const services: ServiceProcess[] = [];
  try {
    for (const mode of MODES)
      services.push(await startService({ ...mode, databaseUrl: database.url, pspPort: driver.pspPort, psps: PSPS }));
    const [plain] = services;
    if (plain === undefined) throw new Error('Bug: there is nothing to measure');
    // Another process whose worker took a part of that deposit would be in the script as well.
    for (const service of services) if (service !== plain) service.pause();
    const script = await record({ database, driver }, plain);
    for (const service of services) service.pause();
    const bench: Bench = { database, driver, script };

    const told = (text: string): void => void process.stderr.write(`${text}\n`);
    const calibration = quick ? 1 : 2;
    const levels = quick ? [16] : CONCURRENCY;
    const best = async (name: string, run: (level: number) => Promise<Window>): Promise<number> => {
      let [fastest, at] = [0, 16];
      for (const level of levels) {
        const { perSecond } = await run(level);
        told(`${name}, ${level} at once: ${Math.round(perSecond)}/s`);
        if (perSecond > fastest) [fastest, at] = [perSecond, level];
      }
      return at;
    };
    for (const service of services)
      await serviceWindow(bench, service, { lanes: 16, seconds: calibration, psps: PSPS });
    const clients = await best('pgbench', (level) => pgbenchWindow(bench, { clients: level, seconds: calibration }));
    const yardstick: Subject = { name: 'pgbench', concurrency: clients, windows: [], ratios: [] };
    const subjects: Subject[] = [];
    for (const service of services) {
      const lanes = await best(service.name, (level) =>
        serviceWindow(bench, service, { lanes: level, seconds: calibration, psps: PSPS }),
      );
      subjects.push({ name: service.name, concurrency: lanes, windows: [], ratios: [] });
    }

    const hotAccount: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const measured: Window[] = [];
      const all = await pgbenchWindow(bench, { clients, seconds });
      for (const [index, service] of services.entries())
        measured.push(
          await serviceWindow(bench, service, { lanes: subjects[index]?.concurrency ?? 16, seconds, psps: PSPS }),
        );
      const hot = await serviceWindow(bench, plain, {
        lanes: subjects[0]?.concurrency ?? 16,
        seconds,
        psps: PSPS.slice(0, 1),
      });
      told(
        `round ${round}: pgbench ${Math.round(all.perSecond)}/s, ${measured.map(({ perSecond }, index) => `${services[index]?.name} ${Math.round(perSecond)}/s`).join(', ')}, at one PSP ${Math.round(hot.perSecond)}/s`,
      );
      if (round === 0) continue;
      yardstick.windows.push(all);
      for (const [index, window] of measured.entries()) {
        subjects[index]?.windows.push(window);
        subjects[index]?.ratios.push(window.perSecond / all.perSecond);
      }
      hotAccount.push(hot.perSecond / (measured[0]?.perSecond ?? NaN));
    }

    const open: Report['open'] = [];
    for (const [index, service] of services.entries()) {
      const rates = (subjects[index]?.windows ?? []).map(({ perSecond }) => perSecond);
      const ratePerSecond = Math.floor(OPEN_SHARE * middle(rates));
      const window = await serviceWindow(bench, service, { lanes: 256, seconds, psps: PSPS, ratePerSecond });
      open.push({ name: service.name, ratePerSecond, window });
    }
    return {
      machine: { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length },
      postgres: { version: database.version, pgbench, settings: database.settings },
      statementsPerDeposit: script.statements,
      rounds,
      secondsPerWindow: seconds,
      subjects: [yardstick, ...subjects],
      hotAccount,
      open,
      unequal: subjects.flatMap((subject, index) => inequalities(yardstick, subject, index === 0)),
    };
  } finally {
    driver.stop();
    await Promise.all(services.map((service) => service.stop()));
    await database.stop();
  }
}

/** One deposit, watched: the statements that it is made of. */
async function record(
  { database, driver }: Pick<Bench, 'database' | 'driver'>,
  service: ServiceProcess,
): Promise<Script> {
  const one = { port: service.port, psps: PSPS.slice(0, 1), players: PLAYERS, lanes: 1, durationMs: 0, count: 1 };
  // The first deposits prepare statements and read configuration.
  await driver.run({ ...one, count: 20 });
  await database.reset();
  await database.logStatements(true);
  const from = database.log().length;
  await driver.run(one);
  await credited(database, 1);
  await database.logStatements(false);
  const [ids] = await database.query<Record<string, string>>(
    `select p.id as payment, a.id as attempt, a.psp_reference as psp, i.event_id as event, k.key as key
     from payment p join attempt a on a.subject_id = p.id join idempotency_key k on k.subject_id = p.id
       join inbox i on i.event ->> 'reference' = a.id where p.status = 'succeeded'`,
  );
  if (ids === undefined) throw new Error('the deposit that was to be recorded was not credited');
  const statements = ofDeposit(readLog(database.log().slice(from)), Object.values(ids));
  if (statements.length === 0) throw new Error('the log of the server shows no statement of the deposit');
  return pgbenchScript(statements, PLAYERS);
}

function inequalities(yardstick: Subject, subject: Subject, isOneByOne: boolean): string[] {
  const of = (who: Subject, value: (window: Window) => number): number => middle(who.windows.map(value));
  const found: string[] = [];
  const differs = (what: string, value: (window: Window) => number, onlyLess: boolean): void => {
    const [theirs, ours] = [of(yardstick, value), of(subject, value)];
    const share = ours / theirs - 1;
    if (share < -TOLERANCE || (!onlyLess && share > TOLERANCE))
      found.push(`${subject.name}: ${what} per deposit ${ours.toFixed(2)}, pgbench ${theirs.toFixed(2)}`);
  };
  differs('rows written', ({ work }) => rowsOf(work), false);
  // The service does more beside deposits (its log of deliveries, observations of PSPs): never less.
  if (isOneByOne) differs('commits', ({ work }) => work.commits, true);
  if (isOneByOne) differs('bytes of log', ({ work }) => work.walBytes, true);
  return found;
}

export function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
}
