/**
 * Real PostgreSQL in this process, behind knex: for runs in virtual time and for fast tests.
 *
 * One connection: transactions run one after the other, so lock waits, SKIP LOCKED and
 * isolation races cannot appear here. They belong to runs on a PostgreSQL server.
 */
import knexFactory, { type Knex } from 'knex';
import type { Activity } from '../clock/activity.ts';
import { bootPglite } from './pglite-image.ts';
import { PGliteStream } from './pglite-stream.ts';
import { trackedPostgresClient } from './tracked-client.ts';

export interface PgliteKnex {
  knex: Knex;
  /**
   * Empties the given tables, or (default) every table outside the system schemas except
   * knex's migration tables, and restarts their identity columns.
   */
  reset(tables?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface PgliteOptions {
  activity: Activity;
  /** Where the prepared data directory is kept; the default lies in the project's `.assay` folder. */
  imagePath?: string;
}

export async function createPgliteKnex(options: PgliteOptions): Promise<PgliteKnex> {
  const { activity, imagePath } = options;
  const database = await bootPglite(imagePath);
  const knex = knexFactory({
    client: trackedPostgresClient(activity, { prepare: true }),
    connection: {
      user: 'postgres',
      database: 'postgres',
      stream: () => new PGliteStream(database),
    } as Knex.PgConnectionConfig,
    pool: { min: 1, max: 1 },
  });

  // Each reset makes every plan stale; a generic one is made anew once, a custom one five times.
  await knex.raw('SET plan_cache_mode = force_generic_plan');

  async function reset(tables?: readonly string[]): Promise<void> {
    const names = tables ?? (await userTables(knex));
    if (names.length === 0) return;
    const list = names.map((name) => knex.ref(name).toQuery()).join(', ');
    await knex.raw(`TRUNCATE ${list} RESTART IDENTITY CASCADE`);
  }

  async function close(): Promise<void> {
    await knex.destroy();
    await database.close();
  }

  return { knex, reset, close };
}

async function userTables(knex: Knex): Promise<string[]> {
  const result = await knex.raw<{ rows: { name: string }[] }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename NOT LIKE 'knex\\_migrations%'
     ORDER BY 1`,
  );
  return result.rows.map((row) => row.name);
}
