/**
 * A knex client for PostgreSQL whose every wait has a token: for a connection of the pool, and
 * for each query (BEGIN and COMMIT included). Without it a virtual clock would move on while
 * a query is under way.
 *
 * Hold no transaction across a virtual wait: others that need its connection then keep
 * counting, and the clock stalls.
 */
import { createRequire } from 'node:module';
import type { Knex } from 'knex';
import type { Activity } from '../clock/activity.ts';

interface QueryObject {
  sql?: string;
}

/** The parts of knex's PostgreSQL dialect that are overridden; knex ships no types for it. */
interface PostgresDialect {
  acquireConnection(): Promise<unknown>;
  _query(connection: unknown, query: QueryObject): Promise<unknown>;
}

/** Characters of SQL that are enough to recognise a query in a stall report. */
const LABEL_LENGTH = 60;

const load = createRequire(import.meta.url);

/** The class to give to knex as `client`. */
export function trackedPostgresClient(activity: Activity): typeof Knex.Client {
  const Dialect = load('knex/lib/dialects/postgres/index.js') as new (config: Knex.Config) => PostgresDialect;

  class TrackedPostgresClient extends Dialect {
    override acquireConnection(): Promise<unknown> {
      return activity.run('database: wait for a connection', () => super.acquireConnection());
    }

    override _query(connection: unknown, query: QueryObject): Promise<unknown> {
      const label = `database: ${(query.sql ?? '').slice(0, LABEL_LENGTH)}`;
      return activity.run(label, () => super._query(connection, query));
    }
  }
  return TrackedPostgresClient as unknown as typeof Knex.Client;
}
