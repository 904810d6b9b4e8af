/**
 * Goal: a run in virtual time has the same history on PGlite and on a PostgreSQL server, with
 * one connection or several: the clock waits for queries whatever they cost in wall time.
 * Method: clients deposit over the memory network; every answer enters the history.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knexFactory, { type Knex } from 'knex';
import {
  createActivity,
  createHistoryWriter,
  createKeyedRandom,
  createMemoryNetwork,
  createPgliteKnex,
  createVirtualClock,
  startEmbeddedPostgres,
  trackedPostgresClient,
  type Activity,
} from '../../index.ts';

const CLIENTS = 40;

interface OpenDatabase {
  knex: Knex;
  close: () => Promise<void>;
}

async function fingerprintOn(open: (activity: Activity) => Promise<OpenDatabase>): Promise<string> {
  const activity = createActivity();
  const random = createKeyedRandom('databases');
  const clock = createVirtualClock({ startMs: 0, activity, random });
  const network = createMemoryNetwork({ clock, activity });
  const history = createHistoryWriter({ clock });
  const { knex, close } = await open(activity);
  await knex.schema.dropTableIfExists('deposit');
  await knex.schema.createTable('deposit', (table) => {
    table.increments('id');
    table.string('player');
    table.bigInteger('at');
  });

  async function deposit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const player = request.url ?? '';
    await knex('deposit').insert({ player, at: clock.now() });
    await clock.sleep(random.integer({ min: 0, max: 30 }, 'think', player));
    const before = await knex.transaction(async (trx) => {
      await trx('deposit').where({ player }).update({ at: clock.now() });
      return trx('deposit').where('at', '<=', clock.now()).count();
    });
    response.end(JSON.stringify(before));
  }

  await network.listen({ name: 'service', listener: (request, response) => void deposit(request, response) });
  for (let client = 0; client < CLIENTS; client += 1) {
    clock.schedule(client % 7, `client-${client}`, async () => {
      const answer = await network.request({
        method: 'POST',
        url: `http://service/player-${client}`,
        timeoutMs: 5_000,
      });
      history.append({ proc: `client-${client}`, type: 'ok', f: 'deposit', value: answer.body.toString() });
    });
  }
  assert.equal(await clock.run(), 'idle');
  assert.equal(history.events().length, CLIENTS);
  await network.close();
  await close();
  return history.fingerprint();
}

describe('virtual time on different databases', () => {
  it('gives the same history on PGlite and on a server with one or four connections', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'assay-virtual-'));
    const server = await startEmbeddedPostgres({ dataDir });
    const onServer =
      (connections: number) =>
      (activity: Activity): Promise<OpenDatabase> => {
        const knex = knexFactory({
          client: trackedPostgresClient(activity),
          connection: server.url,
          pool: { min: 1, max: connections },
        });
        return Promise.resolve({ knex, close: () => knex.destroy() });
      };
    try {
      const onPglite = await fingerprintOn((activity) => createPgliteKnex({ activity }));
      assert.equal(await fingerprintOn(onServer(1)), onPglite);
      assert.equal(await fingerprintOn(onServer(4)), onPglite);
    } finally {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
