/**
 * Creates the schema, once, however many processes start together: an advisory lock of the
 * transaction lets one of them do it. The version is a function, not a row, so that emptying
 * all tables between test runs does not lose it.
 */
import type { Knex } from 'knex';
import { UserError } from '../../../kernel/index.ts';
import { SCHEMA, SCHEMA_VERSION } from './schema/index.ts';

/** Any constant will do as long as nobody else on this database uses it. */
const MIGRATION_LOCK = 727_074_001;

/** Brings the database to the version of this code; safe to call at every start. */
export async function migrate(knex: Knex): Promise<void> {
  await knex.transaction(async (trx) => {
    await trx.raw(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    const version = await schemaVersion(trx);
    if (version === null) {
      await trx.raw(SCHEMA);
    } else if (version !== SCHEMA_VERSION) {
      throw new UserError(
        `The database has schema version ${version}; this service needs ${SCHEMA_VERSION}.`,
        'Use an empty database, or the version of the service that made it.',
      );
    }
  });
}

/** The version found in the database, or null when it has none of our tables. */
export async function schemaVersion(knex: Knex): Promise<number | null> {
  const found = await knex.raw<{ rows: { present: boolean }[] }>(
    `select to_regproc('service_schema_version') is not null as present`,
  );
  if (found.rows[0]?.present !== true) return null;
  const result = await knex.raw<{ rows: { version: number }[] }>('select service_schema_version() as version');
  return result.rows[0]?.version ?? null;
}
