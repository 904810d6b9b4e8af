/**
 * Calls of the database's own functions for deposits (`schema/functions.ts`): one prepared
 * statement, planned once per connection, past knex's building of queries but through its pool.
 * With batching, calls that wait together share a statement and a commit.
 */
import type { Knex } from 'knex';
import type { Activity } from '../../../kernel/index.ts';
import { Batches } from './batches.ts';

/** What each gives back. */
const GIVES = {
  start_deposit: 'outcome, version',
  commit_deposit: 'outcome, version',
  store_event: 'outcome',
  read_event: 'state',
} as const;

export type MoneyFunction = keyof typeof GIVES;

/** @param argument SQL of its only argument */
export function callText(name: MoneyFunction, argument: string): string {
  return `select ${GIVES[name]} from ${name}(cast(${argument} as jsonb))`;
}

/** Each by itself, but in one statement; a row per call, in order. */
function batchText(name: MoneyFunction): string {
  return `select ${GIVES[name]} from jsonb_array_elements(cast($1 as jsonb)) with ordinality as item (given, place)
    cross join lateral ${name}(item.given) as called order by item.place`;
}

export interface Calls {
  /**
   * Calls by itself or in a batch, committed when it resolves.
   * @param lock what the call locks (the player): calls of a batch go in its order
   */
  call<Row>(name: MoneyFunction, given: object, lock: string): Promise<Row>;
}

export interface CallOptions {
  knex: Knex;
  activity: Activity;
  batching: boolean;
  isUnavailable(error: unknown): boolean;
}

/** What is used of knex's client and of pg's connection; knex ships no types for it. */
interface Client {
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
}
interface Connection {
  query<Row>(query: { name: string; text: string; values: string[] }): Promise<{ rows: Row[] }>;
}

export function createCalls({ knex, activity, batching, isUnavailable }: CallOptions): Calls {
  const client = knex.client as Client;

  async function run<Row>(name: string, text: string, json: string): Promise<Row[]> {
    const connection = await client.acquireConnection();
    try {
      const { rows } = await activity.run(`database: ${name}`, () =>
        connection.query<Row>({ name, text, values: [json] }),
      );
      return rows;
    } finally {
      await client.releaseConnection(connection);
    }
  }

  async function single(name: MoneyFunction, given: object): Promise<unknown> {
    const [row] = await run(`one_${name}`, callText(name, '$1'), JSON.stringify(given));
    return row;
  }

  const batches = new Map<MoneyFunction, Batches<object, unknown>>();
  function batchesOf(name: MoneyFunction): Batches<object, unknown> {
    let found = batches.get(name);
    if (found === undefined) {
      found = new Batches({
        one: (given) => single(name, given),
        many: (all) => run(`many_${name}`, batchText(name), JSON.stringify(all)),
        // An answer that was lost may have been a commit: nobody knows, so nothing is sent again.
        mayRepeat: (error) => !isUnavailable(error),
      });
      batches.set(name, found);
    }
    return found;
  }

  return {
    call: async <Row>(name: MoneyFunction, given: object, lock: string) =>
      (await (batching ? batchesOf(name).add(given, lock) : single(name, given))) as Row,
  };
}
