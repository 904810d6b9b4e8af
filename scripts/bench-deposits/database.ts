/**
 * The PostgreSQL server of the benchmark: real, durable (checked, not assumed), with its tables
 * emptied, vacuumed and written out before each window; and its books of what was done.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createDatabase, dropDatabase, projectRoot, startEmbeddedPostgres } from '../../kernel/index.ts';
import { parentOf } from './machine.ts';

/** What a deposit writes. What the service writes beside it (log of deliveries, observations) is no work of a deposit. */
export const DEPOSIT_TABLES = [
  'idempotency_key',
  'payment',
  'attempt',
  'route_decision',
  'inbox',
  'transfer',
  'entry',
  'wallet',
  'outbox',
] as const;

const DURABLE = ['fsync', 'synchronous_commit', 'full_page_writes'] as const;

/** No checkpoint may fall into a window: it makes every page's next change a whole page of log. */
const SETTINGS = {
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  log_line_prefix: '@@%p ',
  log_parameter_max_length: '-1',
  autovacuum_naptime: '10s',
};

/** A backend that goes on tells what it did within ten seconds, one that ends does so at once. */
const ENDED_WITHIN_MS = 400;

/** Each backend reads its configuration when it is next asked something. */
const RELOADED_WITHIN_MS = 500;

const END_OTHERS = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = $1 and pid <> pg_backend_pid() and backend_type = 'client backend'`;

const NAME = 'bench_deposits';

export interface WorkDone {
  inserted: Record<string, number>;
  updated: Record<string, number>;
  commits: number;
  walBytes: number;
}

export interface BenchDatabase {
  url: string;
  version: string;
  settings: Record<string, string>;
  postmaster: number;
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** As new: empty tables, nothing left to write. */
  reset(): Promise<void>;
  /** What was done since the server began; ends the connections of all others. */
  work(): Promise<WorkDone>;
  /** Statements that the server is given from now on are written to its log. */
  logStatements(on: boolean): Promise<void>;
  /** What the log holds so far. */
  log(): string;
  stop(): Promise<void>;
}

export async function startDatabase(): Promise<BenchDatabase> {
  const dataDir = join(projectRoot(), '.assay', 'bench-postgres');
  const server = await startEmbeddedPostgres({ dataDir });
  await dropDatabase(server.url, NAME);
  const url = await createDatabase(server.url, { name: NAME });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const query = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query<Row>(text, values)).rows;
  for (const [name, value] of Object.entries(SETTINGS)) await query(`alter system set ${name} = '${value}'`);
  await query('select pg_reload_conf()');
  const settings: Record<string, string> = {};
  for (const name of [...DURABLE, 'shared_buffers', 'wal_sync_method', 'max_wal_size'])
    settings[name] = (await query<Record<string, string>>(`show ${name}`))[0]?.[name] ?? '';
  const lax = DURABLE.find((name) => settings[name] !== 'on');
  if (lax !== undefined)
    throw new Error(`${lax} is ${settings[lax]}: a number of a server that may forget is no number`);
  const [about] = await query<{ version: string; folder: string; pid: number }>(
    `select current_setting('server_version') as version, current_setting('data_directory') as folder, pg_backend_pid() as pid`,
  );
  const postmaster = parentOf(about?.pid ?? 0);

  return {
    url,
    version: about?.version ?? '',
    settings,
    postmaster,
    query,
    async reset() {
      const tables = await query<{ tablename: string }>(`select tablename from pg_tables where schemaname = 'public'`);
      await query(`set lock_timeout = '10s'`);
      await query(`truncate ${tables.map(({ tablename }) => tablename).join(', ')} restart identity`);
      await query('vacuum analyze');
      await query('checkpoint');
    },
    async work() {
      // Whoever pools connections opens new ones, as pgbench does in each window.
      await query(END_OTHERS, [NAME]);
      await new Promise((resolve) => setTimeout(resolve, ENDED_WITHIN_MS));
      await query('select pg_stat_clear_snapshot()');
      const rows = await query<{ relname: string; ins: string; upd: string }>(
        'select relname, n_tup_ins as ins, n_tup_upd as upd from pg_stat_user_tables',
      );
      const [sums] = await query<{ commits: string; wal: string }>(
        `select xact_commit as commits, pg_current_wal_insert_lsn() - '0/0' as wal from pg_stat_database where datname = $1`,
        [NAME],
      );
      const of = (field: 'ins' | 'upd'): Record<string, number> =>
        Object.fromEntries(
          DEPOSIT_TABLES.map((table) => [table, Number(rows.find(({ relname }) => relname === table)?.[field] ?? 0)]),
        );
      return { inserted: of('ins'), updated: of('upd'), commits: Number(sums?.commits), walBytes: Number(sums?.wal) };
    },
    async logStatements(on) {
      await query(`alter system set log_statement = '${on ? 'all' : 'none'}'`);
      await query('select pg_reload_conf()');
      await new Promise((resolve) => setTimeout(resolve, RELOADED_WITHIN_MS));
    },
    log: () => readFileSync(`${about?.folder ?? ''}.log`, 'utf8'),
    async stop() {
      await client.end();
      await server.stop();
    },
  };
}

/** What was done between two looks, per deposit. */
export function perDeposit(before: WorkDone, after: WorkDone, deposits: number): WorkDone {
  const each = (now: Record<string, number>, then: Record<string, number>): Record<string, number> =>
    Object.fromEntries(Object.entries(now).map(([table, count]) => [table, (count - (then[table] ?? 0)) / deposits]));
  return {
    inserted: each(after.inserted, before.inserted),
    updated: each(after.updated, before.updated),
    commits: (after.commits - before.commits) / deposits,
    walBytes: (after.walBytes - before.walBytes) / deposits,
  };
}

/** Rows written: what an update of a player's first wallet row is to an insert makes no difference. */
export function rowsOf({ inserted, updated }: WorkDone): number {
  return [...Object.values(inserted), ...Object.values(updated)].reduce((sum, count) => sum + count, 0);
}
