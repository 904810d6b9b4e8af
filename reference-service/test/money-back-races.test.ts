/**
 * Money that goes back under real concurrency: two services on one PostgreSQL server, many
 * requests and events at once. What is left of a payment is given away once.
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
import { createService, migrate, type PspEvent, type Service } from '../index.ts';
import { FakePsp, fakeVerifier } from './fake-psp.ts';

const API_KEY = 'test-key';

describe('money that goes back, on one PostgreSQL server with two services', function () {
  const clock = createRealClock();
  const network = createTcpNetwork({ clock });
  const alpha = new FakePsp('alpha');
  let folder: string | undefined;
  let server: EmbeddedPostgres | undefined;
  const pools: Knex[] = [];
  const services: Service[] = [];

  before(async () => {
    let serverUrl = process.env['DATABASE_URL'];
    if (serverUrl === undefined || serverUrl === '') {
      folder = mkdtempSync(join(tmpdir(), 'money-back-'));
      server = await startEmbeddedPostgres({ dataDir: folder });
      serverUrl = server.url;
    }
    const databaseUrl = await createDatabase(serverUrl, { name: `money_back_${process.pid}` });
    for (const index of [0, 1]) {
      const knex = knexFactory({ client: 'pg', connection: databaseUrl, pool: { min: 0, max: 10 } });
      pools.push(knex);
      await migrate(knex);
      const service = await createService({
        config: {
          apiKey: API_KEY,
          name: `payments-${index}`,
          psps: [{ name: 'alpha', dialect: 'acme', baseUrl: 'http://alpha', credentials: {} }],
        },
        ports: { clock, network, knex, ids: createRandomIds(), activity: createPassiveActivity() },
        parts: { createPspAdapter: () => alpha, webhookVerifiers: { acme: fakeVerifier } },
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

  const at = (index: number) => request(services[index % 2]?.url ?? '');
  const post = (index: number, path: string, body: object, key: string) =>
    at(index)
      .post(path)
      .set({ authorization: `Bearer ${API_KEY}`, 'idempotency-key': key })
      .send(body);
  const get = async (path: string): Promise<Record<string, unknown>> =>
    (await at(0).get(path).set('authorization', `Bearer ${API_KEY}`)).body as Record<string, unknown>;
  const hear = (index: number, event: PspEvent) =>
    at(index).post('/v1/payments/webhook/alpha').set('x-fake-signature', 'genuine').send(event);
  const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => work(index)));

  let players = 0;
  /** A deposit of 50.00 EUR that is credited. */
  async function credited(): Promise<{ paymentId: string; attemptId: string; player: string }> {
    const player = `player-${(players += 1)}`;
    const body = {
      amount: '50.00',
      currency: 'EUR',
      method: 'card',
      return_url: 'https://casino.example/done',
      player_id: player,
    };
    const { payment_id: paymentId } = (await post(0, '/v1/payments/init', body, `deposit-${player}`)).body as {
      payment_id: string;
    };
    const [attempt] = (await get(`/v1/payments/${paymentId}`))['attempts'] as { attempt_id: string }[];
    const attemptId = attempt?.attempt_id ?? '';
    await hear(0, alpha.event(attemptId, 'succeeded'));
    assert.equal((await get(`/v1/payments/${paymentId}?wait=20`))['status'], 'succeeded');
    return { paymentId, attemptId, player };
  }

  /** Waits until the payment says so; every look is a request, not a pause. */
  async function until(paymentId: string, holds: (payment: Record<string, unknown>) => boolean): Promise<void> {
    const deadline = clock.now() + 20_000;
    while (!holds(await get(`/v1/payments/${paymentId}`)))
      assert.ok(clock.now() < deadline, JSON.stringify(await get(`/v1/payments/${paymentId}`)));
  }

  const purse = async (player: string): Promise<unknown> => (await get(`/v1/wallets/${player}`))['wallets'];

  it('gives twenty requests for 10.00 of 50.00 five refunds', async () => {
    const { paymentId, player } = await credited();
    const answers = await times(20, (index) =>
      post(index, `/v1/payments/${paymentId}/refunds`, { amount: '10.00' }, `refund-${paymentId}-${index}`),
    );
    const statuses = answers.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 201).length, 5);
    assert.equal(statuses.filter((status) => status === 409).length, 15);
    await until(paymentId, ({ status }) => status === 'refunded');
    assert.deepEqual(await purse(player), [{ currency: 'EUR', available: '0.00', held: '0.00' }]);
  });

  it('debits once for twenty deliveries of one refund and one dispute under different event ids', async () => {
    const { paymentId, attemptId, player } = await credited();
    const refund = alpha.dashboardRefund(attemptId, 2_000);
    const dispute = alpha.openDispute(attemptId, 1_000);
    await times(20, (index) =>
      hear(index, { ...(index % 4 < 2 ? refund : dispute), eventId: `event-${paymentId}-${index}` }),
    );
    await until(paymentId, ({ refunded, disputed }) => refunded === '20.00' && disputed === '10.00');
    assert.deepEqual(await purse(player), [{ currency: 'EUR', available: '20.00', held: '0.00' }]);
  });

  it('keeps the bound in the database itself, whatever the code believes', async () => {
    const { paymentId, attemptId } = await credited();
    const insert = (index: number): Promise<string> => {
      const knex = pools[index % 2] as Knex;
      const values = [`ref_raw_${index}`, attemptId, paymentId];
      return knex
        .raw(
          `insert into refund (id, origin, attempt_id, payment_id, psp, amount_minor, booked_minor, explained_minor, currency, idempotency_key, status, tries, created_at, updated_at)
           values (?, 'platform', ?, ?, 'alpha', 1000, 1000, 0, 'EUR', 'k', 'received', 0, 0, 0)`,
          values,
        )
        .then(
          () => 'stored',
          (error: { constraint?: string }) => error.constraint ?? 'failed',
        );
    };
    const outcomes = await times(12, insert);
    assert.equal(outcomes.filter((one) => one === 'stored').length, 5);
    assert.equal(outcomes.filter((one) => one === 'refund_fits').length, 7);
    await assert.rejects(
      (pools[0] as Knex).raw('update payment set refunded_minor = 5001 where id = ?', [paymentId]),
      /payment_refunds_bounded/,
    );
  });
});
