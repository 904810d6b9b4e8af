/**
 * Goal: knex on PGlite behaves as on a server, and virtual time waits for it.
 * Method: one database for all cases; the image is made in a temp folder only for its own case.
 */
import assert from 'node:assert/strict';
import { createActivity } from '../clock/tracked-activity.ts';
import { createVirtualClock } from '../clock/virtual-clock.ts';
import { createPgliteKnex, type PgliteKnex } from './pglite.ts';

describe('knex on PGlite', () => {
  const activity = createActivity();
  let database: PgliteKnex;

  before(async () => {
    database = await createPgliteKnex({ activity });
    await database.knex.schema.createTable('account', (table) => {
      table.bigIncrements('id');
      table.string('name').unique();
      table.bigInteger('minor');
      table.jsonb('data');
      table.binary('raw');
      table.timestamp('at', { useTz: true });
      table.specificType('tags', 'text[]');
    });
  });
  after(() => database.close());
  beforeEach(() => database.reset());

  it('gives the types that the pg driver gives', async () => {
    const written = {
      name: 'a',
      minor: 5,
      data: { deep: [1, null] },
      raw: Buffer.from('bytes'),
      at: new Date(1_000),
      tags: ['x', 'y'],
    };
    const rows: unknown[] = await database.knex('account').insert(written).returning('*');
    assert.deepEqual(rows, [{ ...written, id: '1', minor: '5' }]);
    assert.equal(await database.knex('account').where({ name: 'a' }).update({ minor: 6 }), 1);
    assert.equal(await database.knex('account').where({ name: 'nobody' }).delete(), 0);
  });

  it('gives the error codes that the pg driver gives, and works on afterwards', async () => {
    await database.knex('account').insert({ name: 'a' });
    await assert.rejects(database.knex('account').insert({ name: 'a' }), {
      code: '23505',
      constraint: 'account_name_unique',
    });
    await assert.rejects(database.knex.raw('selec'), { code: '42601' });
    assert.deepEqual(await database.knex('account').select('name'), [{ name: 'a' }]);
  });

  it('plans a repeated statement once, and anew when its table was made anew', async () => {
    const { knex } = database;
    const count = async (): Promise<unknown> =>
      (await knex.raw<{ rows: unknown[] }>('select count(*)::int as n from again where n > ?', [0])).rows[0];
    const plans = async (): Promise<number> => {
      const found = await knex.raw<{ rows: unknown[] }>(
        `select 1 from pg_prepared_statements where statement like '%from again%n >%'`,
      );
      return found.rows.length;
    };
    for (const rows of [1, 2]) {
      await knex.raw('drop table if exists again');
      await knex.raw('create table again (n int)');
      await knex.raw('insert into again select generate_series(1, ?)', [rows]);
      assert.deepEqual(await count(), { n: rows });
      assert.deepEqual(await count(), { n: rows });
      assert.equal(await plans(), 1);
    }
    await knex.raw('drop table again');
  });

  it('commits and rolls back', async () => {
    await database.knex.transaction((trx) => trx('account').insert({ name: 'kept' }));
    const failing = database.knex.transaction(async (trx) => {
      await trx('account').insert({ name: 'lost' });
      throw new Error('changed my mind');
    });
    await assert.rejects(failing, /changed my mind/);
    assert.deepEqual(await database.knex('account').pluck('name'), ['kept']);
  });

  it('keeps virtual time still during queries and transactions, and serialises them', async () => {
    const clock = createVirtualClock({ startMs: 0, activity });
    const log: string[] = [];
    await database.knex('account').insert({ name: 'shared', minor: 0 });
    for (let job = 0; job < 5; job += 1) {
      clock.schedule(job < 3 ? 7 : 7 + job, `job-${job}`, async () => {
        await database.knex.transaction(async (trx) => {
          const row: { minor: string } = await trx('account').where({ name: 'shared' }).forUpdate().first();
          await trx('account')
            .where({ name: 'shared' })
            .update({ minor: Number(row.minor) + 1 });
        });
        log.push(`job-${job}@${clock.now()}`);
      });
    }
    assert.equal(await clock.run(), 'idle');
    assert.deepEqual(log, ['job-0@7', 'job-1@7', 'job-2@7', 'job-3@10', 'job-4@11']);
    assert.deepEqual(await database.knex('account').pluck('minor'), ['5']);
  });

  it('names the query in the report when a transaction is held across a virtual wait', async () => {
    const clock = createVirtualClock({ startMs: 0, activity });
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    clock.schedule(0, 'holder', () => database.knex.transaction(() => activity.parked(held)));
    clock.schedule(1, 'waiter', async () => void (await database.knex('account').select()));
    await assert.rejects(clock.run({ stallMs: 50 }), /wait for a connection/);
    letGo();
    assert.equal(await clock.run(), 'idle');
  });

  it('empties tables and restarts their identity columns', async () => {
    await database.knex('account').insert([{ name: 'a' }, { name: 'b' }]);
    await database.reset(['account']);
    assert.deepEqual(await database.knex('account').insert({ name: 'c' }).returning('id'), [{ id: '1' }]);
  });
});
