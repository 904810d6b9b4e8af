/**
 * Unit of work on knex: statements go out as SQL with named bindings, in a transaction or each
 * by itself. knex gives the pool, the transactions and the driver; SQL is written by hand,
 * because round trips are what a deposit costs.
 */
import type { Knex } from 'knex';
import { createPassiveActivity, type Activity } from '../../../kernel/index.ts';
import type { Database, Unit } from '../../ports/unit.ts';
import { callText, createCalls, type MoneyFunction } from './calls.ts';
import { decide, decideAtOnce } from './decide.ts';
import { schemaVersion } from './migrate.ts';
import { planOf } from './plan.ts';
import type { SqlValue } from './values.ts';
import { SCHEMA_VERSION } from './schema/index.ts';

export { integer, integerOrNull, type SqlValue } from './values.ts';

export interface PostgresUnit extends Unit {
  /** Rows of one statement; `:name` in the text is the binding `name`. */
  sql<Row>(text: string, bindings?: Record<string, SqlValue>): Promise<Row[]>;
  /** One call of a function of `schema/functions.ts`; `lock` as in `calls.ts`. */
  call<Row>(name: MoneyFunction, given: object, lock: string): Promise<Row>;
}

/** SQLSTATE 40001 (serialization failure) and 40P01 (deadlock): the database asks for a repetition. */
const REPEATABLE_STATES: readonly unknown[] = ['40001', '40P01'];

/** Deadlocks that return this often are a defect in the order of locks. */
const MOST_REPETITIONS = 3;

export interface DatabaseOptions {
  /** Whoever counts what is under way; default: nobody. */
  activity?: Activity;
  /** Deposits that are under way together share commits. */
  batching?: boolean;
}

export function createDatabase(knex: Knex, options: DatabaseOptions = {}): Database {
  const { activity = createPassiveActivity(), batching = false } = options;
  const calls = createCalls({ knex, activity, batching, isUnavailable });

  async function transaction<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    for (let repetition = 0; ; repetition += 1) {
      const tasks: (() => void)[] = [];
      let result: T;
      try {
        result = await knex.transaction((trx) => work(unitOn(trx, (task) => void tasks.push(task))));
      } catch (error) {
        if (repetition >= MOST_REPETITIONS || !isRepeatable(error)) throw error;
        continue;
      }
      for (const task of tasks) task();
      return result;
    }
  }

  const autocommit: PostgresUnit = { ...unitOn(knex, (task) => task()), call: calls.call };
  return {
    autocommit,
    transaction,
    decide: (start, work) => decide({ calls, transaction, isRepeatable }, start, work),
    decideAtOnce: (known, work) =>
      batching ? decideAtOnce({ calls, isUnavailable }, known, work) : Promise.resolve(null),
    isUnavailable,
    async check() {
      if ((await schemaVersion(knex)) !== SCHEMA_VERSION)
        throw new Error('the database lacks the schema of this service');
    },
  };
}

function unitOn(knex: Knex, afterCommit: Unit['afterCommit']): PostgresUnit {
  return {
    unitOfWork: true,
    afterCommit,
    async sql<Row>(text: string, bindings: Record<string, SqlValue> = {}): Promise<Row[]> {
      const result = await knex.raw<{ rows: Row[] }>(text, bindings);
      return result.rows;
    },
    async call<Row>(name: MoneyFunction, given: object): Promise<Row> {
      const result = await knex.raw<{ rows: Row[] }>(callText(name, ':given'), { given: JSON.stringify(given) });
      return result.rows[0] as Row;
    },
  };
}

/** The SQL side of a unit; a unit of another database is a mistake in the composition. */
export function sqlOf(unit: Unit): PostgresUnit['sql'] {
  planOf(unit)?.giveUp();
  const { sql } = unit as PostgresUnit;
  if (typeof sql !== 'function') throw new Error('Bug: this unit of work does not belong to the PostgreSQL adapter');
  return sql;
}

/** The call of a function in a unit. */
export function callOf(unit: Unit): PostgresUnit['call'] {
  planOf(unit)?.giveUp();
  return (unit as PostgresUnit).call;
}

function isRepeatable(error: unknown): boolean {
  return REPEATABLE_STATES.includes(sqlState(error));
}

function sqlState(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof Error && error.name === 'KnexTimeoutError') return true;
  const state = sqlState(error);
  if (typeof state !== 'string')
    return (
      error instanceof Error &&
      /Connection terminated|Client has encountered a connection error|Unable to acquire a connection/.test(
        error.message,
      )
    );
  return (
    ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', '57P01', '57P02', '57P03', '53300'].includes(
      state,
    ) || state.startsWith('08')
  );
}
