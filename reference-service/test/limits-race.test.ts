/**
 * Limits and checks of payouts under real concurrency: two services on one PostgreSQL server.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knexFactory, { type Knex } from 'knex';
import request from 'supertest';
import {
  createDatabase,
  createPassiveActivity,
  createRandomIds,
  createRealClock,
  createTcpNetwork,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../kernel/index.ts';
import { createService, migrate, type Service } from '../index.ts';
import { FakePsp, fakeVerifier } from './fake-psp.ts';

const API_KEY = 'test-key';

describe('limits of players, on two processes and one PostgreSQL server', function () {
  const clock = createRealClock();
  const network = createTcpNetwork({ clock });
  const pools: Knex[] = [];
  const services: Service[] = [];
  const alpha = new FakePsp('alpha');
  let folder: string | undefined;
  let server: EmbeddedPostgres | undefined;

  before(async () => {
    let serverUrl = process.env['DATABASE_URL'];
    if (serverUrl === undefined || serverUrl === '') {
      folder = mkdtempSync(join(tmpdir(), 'limits-race-'));
      server = await startEmbeddedPostgres({ dataDir: folder });
      serverUrl = server.url;
    }
    const connection = await createDatabase(serverUrl, { name: `limits_race_${process.pid}` });
    for (const index of [0, 1]) {
      const knex = knexFactory({ client: 'pg', connection, pool: { min: 0, max: 12 } });
      pools.push(knex);
      await migrate(knex);
      const service = await createService({
        config: {
          apiKey: API_KEY,
          name: `payments-${index}`,
          psps: [{ name: 'alpha', dialect: 'acme', baseUrl: 'http://alpha', credentials: {} }],
          policy: {
            payouts: {
              dailyLimit: { EUR: '100.00' },
              reviewFrom: { EUR: '50.00' },
              wageringFactor: 1,
              closedLoop: 'require',
            },
          },
        },
        ports: { clock, network, knex, ids: createRandomIds(), activity: createPassiveActivity() },
        parts: { createPspAdapter: () => alpha, webhookVerifiers: { acme: fakeVerifier } as never },
      });
      await service.start();
      services.push(service);
    }
  });

  after(async () => {
    for (const service of services) await service.stop();
    await network.close();
    for (const knex of pools) await knex.destroy();
    await server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const send = (method: 'post' | 'put', index: number, path: string, body: object, key?: string) =>
    request(services[index % 2]?.url ?? '')
      [method](path)
      .set({ authorization: `Bearer ${API_KEY}`, ...(key === undefined ? {} : { 'idempotency-key': key }) })
      .send(body);
  const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => work(index)));
  const limit = (player: string, day: string | null) =>
    send('put', 0, `/v1/players/${player}/limits`, { currency: 'EUR', day });
  const deposit = (player: string, index: number, key = `${player}-${index}`, amount = '10.00') =>
    send(
      'post',
      index,
      '/v1/payments/init',
      { amount, currency: 'EUR', method: 'card', return_url: 'https://casino.example/done', player_id: player },
      key,
    );
  /** What counts against the limit, by the database itself. */
  const counted = async (player: string): Promise<number> => {
    const result = await pools[0]?.raw<{ rows: { sum: string }[] }>(
      `select coalesce(sum(amount_minor), 0) as sum from payment
       where player_id = ? and status in ('pending', 'authorized', 'succeeded')`,
      [player],
    );
    return Number(result?.rows[0]?.sum);
  };

  it('let exactly as many of fifty deposits at once through as fit', async () => {
    await limit('player-race', '170.00');
    const answers = await times(50, (index) => deposit('player-race', index));
    const accepted = answers.filter(({ status }) => status === 201).length;
    assert.equal(accepted, 17);
    assert.ok(answers.every(({ status }) => status === 201 || status === 422));
    assert.equal(await counted('player-race'), 17_000);
  });

  it('hold while they are lowered in the middle of a rush', async () => {
    await limit('player-lower', '400.00');
    const rush = times(40, (index) => deposit('player-lower', index));
    const lowered = limit('player-lower', '100.00');
    await Promise.all([rush, lowered]);
    const after = await deposit('player-lower', 99, 'after-lowering', '400.00');
    assert.equal(after.status, 422);
    const before = await counted('player-lower');
    const late = await times(20, (index) => deposit('player-lower', index, `late-${index}`));
    const room = Math.max(0, Math.floor((10_000 - before) / 1_000));
    assert.equal(late.filter(({ status }) => status === 201).length, room);
  });

  it('let one of many identical requests use the room, and tell all of them the same', async () => {
    await limit('player-same', '10.00');
    const answers = await times(20, (index) => deposit('player-same', index, 'same-intent'));
    assert.ok(answers.every(({ status }) => status === 201 || status === 409));
    const ids = new Set(
      answers.filter(({ status }) => status === 201).map(({ body }) => (body as { payment_id: string }).payment_id),
    );
    assert.equal(ids.size, 1);
    assert.equal(await counted('player-same'), 1_000);
  });

  it('stop every deposit that begins after a self-exclusion was answered', async () => {
    let isExcluded = false;
    const rush = times(40, async (index) => {
      const wasExcluded = isExcluded;
      const { status } = await deposit('player-out', index);
      return { wasExcluded, status };
    });
    const out = send('put', 1, '/v1/players/player-out/self-exclusion', { until: null }).then(({ status }) => {
      isExcluded = true;
      return status;
    });
    assert.equal(await out, 200);
    const late = await times(10, (index) => deposit('player-out', index, `out-${index}`));
    assert.ok(late.every(({ status }) => status === 403));
    assert.ok((await rush).every(({ wasExcluded, status }) => !wasExcluded || status === 403));
  });

  const fund = (player: string) =>
    send('post', 0, '/v1/wallet/credit', {
      player_id: player,
      payment_id: player,
      txn_id: player,
      idempotency_key: player,
      amount: '900.00',
      currency: 'EUR',
    });
  const payout = (player: string, index: number, amount: string) =>
    send(
      'post',
      index,
      '/v1/payouts/init',
      { amount, currency: 'EUR', method: 'card', player_id: player },
      `${player}-out-${index}`,
    );

  it('keep payouts at once under the limit of the day', async () => {
    await fund('player-paid');
    const answers = await times(24, (index) => payout('player-paid', index, '9.00'));
    assert.equal(answers.filter(({ status }) => status === 201).length, 11);
    assert.ok(answers.every(({ status }) => status === 201 || status === 422));
  });

  it('let one decision of many at once about a payout in review stand', async () => {
    await fund('player-reviewed');
    const before = alpha.payouts.size;
    const { body } = await payout('player-reviewed', 0, '60.00');
    const id = (body as { payout_id: string }).payout_id;
    const answers = await times(12, (index) =>
      send('post', index >> 1, `/v1/payouts/${id}/${index % 2 === 0 ? 'approve' : 'reject'}`, {}),
    );
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 6);
    assert.ok(answers.every(({ status }) => status === 200 || status === 409));
    const verdicts = new Set(won.map(({ body: one }) => (one as { review: { status: string } }).review.status));
    assert.equal(verdicts.size, 1);
    assert.equal(alpha.payouts.size - before, verdicts.has('approved') ? 1 : 0);
  });
});
