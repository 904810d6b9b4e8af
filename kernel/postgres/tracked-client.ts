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
  bindings?: readonly unknown[];
  options?: Record<string, unknown>;
}

export interface TrackedClientOptions {
  /**
   * Statements with bindings are prepared under a name of their own and planned once per
   * connection. For databases that are not behind a pooler of transactions.
   */
  prepare?: boolean;
}

/** The parts of knex's PostgreSQL dialect that are overridden; knex ships no types for it. */
interface PostgresDialect {
  acquireConnection(): Promise<unknown>;
  _query(connection: unknown, query: QueryObject): Promise<unknown>;
}

/** Characters of SQL that are enough to recognise a query in a stall report. */
const LABEL_LENGTH = 60;

const load = createRequire(import.meta.url);

const names = new Map<string, string>();

/** The same text has the same name, in every connection of this process. */
function statementName(sql: string): string {
  const name = names.get(sql) ?? `s${names.size + 1}`;
  names.set(sql, name);
  return name;
}

/** The class to give to knex as `client`. */
export function trackedPostgresClient(
  activity: Activity,
  { prepare = false }: TrackedClientOptions = {},
): typeof Knex.Client {
  const Dialect = load('knex/lib/dialects/postgres/index.js') as new (config: Knex.Config) => PostgresDialect;

  class TrackedPostgresClient extends Dialect {
    override acquireConnection(): Promise<unknown> {
      return activity.run('database: wait for a connection', () => super.acquireConnection());
    }

    override _query(connection: unknown, query: QueryObject): Promise<unknown> {
      const label = `database: ${(query.sql ?? '').slice(0, LABEL_LENGTH)}`;
      if (prepare && query.sql !== undefined && (query.bindings?.length ?? 0) > 0) {
        query.options = { ...query.options, name: statementName(query.sql) };
      }
      return activity.run(label, () => super._query(connection, query));
    }
  }
  return TrackedPostgresClient as unknown as typeof Knex.Client;
}
