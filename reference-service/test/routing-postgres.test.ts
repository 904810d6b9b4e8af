/**
 * Goal: what several processes saw adds up, and nobody waits for anybody for ever. Method: real
 * connections on a real PostgreSQL server that add to the same minutes at the same time.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knexFactory, { type Knex } from 'knex';
import { createDatabase, startEmbeddedPostgres, type EmbeddedPostgres } from '../../kernel/index.ts';
import { routeStore } from '../adapters/postgres/route-store.ts';
import { createDatabase as databaseOn } from '../adapters/postgres/unit.ts';
import { ObservationTally } from '../domain/routing/tally.ts';
import type { QualityBucket } from '../domain/routing/observation.ts';
import { migrate } from '../index.ts';

const PROCESSES = 4;
const ROUNDS = 25;
const SEGMENTS = ['card|DE|EUR', 'card|ES|EUR', 'bank|DE|EUR'];

describe('observations of several processes on one PostgreSQL server', function () {
  let folder: string | undefined;
  let server: EmbeddedPostgres | undefined;
  let knex: Knex;

  before(async () => {
    let serverUrl = process.env['DATABASE_URL'];
    if (serverUrl === undefined || serverUrl === '') {
      folder = mkdtempSync(join(tmpdir(), 'reference-service-'));
      server = await startEmbeddedPostgres({ dataDir: folder });
      serverUrl = server.url;
    }
    const databaseUrl = await createDatabase(serverUrl, { name: `routing_${process.pid}` });
    knex = knexFactory({ client: 'pg', connection: databaseUrl, pool: { min: 0, max: PROCESSES } });
    await migrate(knex);
  });

  after(async () => {
    await knex.destroy();
    await server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  function seen(): QualityBucket[] {
    const tally = new ObservationTally();
    for (const psp of ['alpha', 'beta']) {
      for (const segment of SEGMENTS) {
        tally.add(
          { kind: 'call', psp, operation: 'authorize', segment, latencyMs: 700, failed: false, slow: false },
          0,
        );
        tally.add({ kind: 'approved', psp, operation: 'authorize', segment }, 0);
      }
    }
    return tally.take();
  }

  it('adds up what all of them saw, in whatever order each tells it', async () => {
    const database = databaseOn(knex);
    await Promise.all(
      Array.from({ length: PROCESSES }, async (_, process) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const buckets = seen();
          await routeStore.addObservations(database.autocommit, process % 2 === 0 ? buckets : buckets.reverse());
        }
      }),
    );
    const stored = await routeStore.observationsSince(database.autocommit, 0);
    assert.equal(stored.length, 2 * SEGMENTS.length);
    for (const bucket of stored) {
      assert.equal(bucket.calls, PROCESSES * ROUNDS);
      assert.equal(bucket.approved, PROCESSES * ROUNDS);
      assert.equal(
        bucket.latency.reduce((sum, count) => sum + count, 0),
        PROCESSES * ROUNDS,
      );
      assert.equal(bucket.latency[4], PROCESSES * ROUNDS);
    }
    await routeStore.forgetObservations(database.autocommit, 60_000);
    assert.deepEqual(await routeStore.observationsSince(database.autocommit, 0), []);
  });

  it('keeps the last word of operators', async () => {
    const { autocommit } = databaseOn(knex);
    await routeStore.overridePsp(autocommit, 'alpha', 'maintenance', 1);
    await routeStore.overridePsp(autocommit, 'alpha', 'outage', 2);
    await routeStore.overrideLevel(autocommit, { level: 'read_only', reason: 'moving' }, 3);
    assert.deepEqual(await routeStore.overrides(autocommit), {
      outOfService: { alpha: 'outage' },
      level: { level: 'read_only', reason: 'moving' },
    });
    await routeStore.overridePsp(autocommit, 'alpha', null, 4);
    await routeStore.overrideLevel(autocommit, null, 5);
    assert.deepEqual(await routeStore.overrides(autocommit), { outOfService: {}, level: null });
  });
});
