/**
 * Real concurrency, on a real PostgreSQL server with several service processes' worth of
 * connections: what one in-process connection can never show.
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
const DEPOSIT = {
  amount: '50.00',
  currency: 'EUR',
  method: 'card',
  return_url: 'https://casino.example/done',
  player_id: 'player-1',
};

describe('two service processes on one PostgreSQL server', function () {
  const clock = createRealClock();
  const network = createTcpNetwork({ clock });
  let folder: string | undefined;
  let server: EmbeddedPostgres | undefined;
  let databaseUrl: string;
  const pools: Knex[] = [];
  const services: Service[] = [];
  const alpha = new FakePsp('alpha');

  before(async () => {
    let serverUrl = process.env['DATABASE_URL'];
    if (serverUrl === undefined || serverUrl === '') {
      folder = mkdtempSync(join(tmpdir(), 'reference-service-'));
      server = await startEmbeddedPostgres({ dataDir: folder });
      serverUrl = server.url;
    }
    databaseUrl = await createDatabase(serverUrl, { name: `reference_service_${process.pid}` });
    const knexes = [0, 1].map(() => knexFactory({ client: 'pg', connection: databaseUrl, pool: { min: 0, max: 10 } }));
    pools.push(...knexes);
    await Promise.all(knexes.map((knex) => migrate(knex)));
    for (const [index, knex] of knexes.entries()) {
      const service = await createService({
        config: {
          apiKey: API_KEY,
          name: `payments-${index}`,
          // One of each kind, on the same money.
          databaseBatching: index === 1,
          psps: [{ name: 'alpha', dialect: 'acme', baseUrl: 'http://alpha', credentials: {} }],
        },
        ports: { clock, network, knex, ids: createRandomIds(), activity: createPassiveActivity() },
        parts: {
          createPspAdapter: () => alpha,
          webhookVerifiers: { acme: fakeVerifier, stripe: fakeVerifier, adyen: fakeVerifier },
        },
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

  const urlOf = (index: number): string => services[index % services.length]?.url ?? '';
  const post = (index: number, path: string, body: object, headers: Record<string, string> = {}) =>
    request(urlOf(index))
      .post(path)
      .set({ authorization: `Bearer ${API_KEY}`, ...headers })
      .send(body);
  const get = async (path: string): Promise<Record<string, unknown>> =>
    (await request(urlOf(0)).get(path).set('authorization', `Bearer ${API_KEY}`)).body as Record<string, unknown>;
  const wallet = async (player: string): Promise<unknown> => (await get(`/v1/wallets/${player}`))['wallets'];
  const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => work(index)));

  /** The payment as soon as it is final; the long poll ends with the event, not with a pause. */
  const settled = async (id: unknown): Promise<Record<string, unknown>> => get(`/v1/payments/${String(id)}?wait=20`);

  it('executes twenty identical requests once', async () => {
    const before = alpha.books.size;
    const answers = await times(20, (index) =>
      post(index, '/v1/payments/init', DEPOSIT, { 'idempotency-key': 'one-intent' }),
    );
    assert.equal(alpha.books.size, before + 1);
    const ids = new Set(
      answers.filter(({ status }) => status === 201).map(({ body }) => (body as { payment_id: string }).payment_id),
    );
    assert.equal(ids.size, 1);
    assert.ok(answers.every(({ status }) => status === 201 || status === 409));
    const last = await post(0, '/v1/payments/init', DEPOSIT, { 'idempotency-key': 'one-intent' });
    assert.equal(last.status, 201);
    assert.ok(ids.has((last.body as { payment_id: string }).payment_id));
  });

  it('credits once when the same webhook arrives many times at once, under one and under several event ids', async () => {
    const started = await post(
      0,
      '/v1/payments/init',
      { ...DEPOSIT, player_id: 'player-hooks' },
      { 'idempotency-key': 'hooks' },
    );
    const id = (started.body as { payment_id: string }).payment_id;
    const attempts = (await get(`/v1/payments/${id}`))['attempts'] as { attempt_id: string }[];
    const event = alpha.event(attempts[0]?.attempt_id ?? '', 'succeeded');
    const answers = await times(24, (index) =>
      post(
        index,
        '/v1/payments/webhook/alpha',
        { ...event, eventId: `${event.eventId}-${index % 3}` },
        { 'x-fake-signature': 'genuine' },
      ),
    );
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(answers.filter(({ body }) => !(body as { duplicate: boolean }).duplicate).length, 3);
    assert.equal((await settled(id))['status'], 'succeeded');
    const entries = (await get('/v1/wallets/player-hooks/entries'))['entries'] as unknown[];
    assert.equal(entries.length, 1);
    assert.deepEqual(await wallet('player-hooks'), [{ currency: 'EUR', available: '50.00', held: '0.00' }]);
    const waiting = await pools[0]?.raw<{ rows: unknown[] }>(
      `select 1 from inbox where status = 'waiting' and event ->> 'reference' = ?`,
      [attempts[0]?.attempt_id ?? ''],
    );
    assert.ok((waiting?.rows.length ?? 0) <= 2, 'at most the events that are being looked at right now');
  });

  it('never overdraws a wallet by parallel debits and payouts', async () => {
    const movement = { player_id: 'player-debits', payment_id: 'round', currency: 'EUR' };
    await post(0, '/v1/wallet/credit', { ...movement, txn_id: 'fund', idempotency_key: 'fund', amount: '10.00' });
    const debits = times(15, (index) =>
      post(index, '/v1/wallet/debit', {
        ...movement,
        txn_id: `bet-${index}`,
        idempotency_key: `bet-${index}`,
        amount: '1.00',
      }),
    );
    const payouts = times(5, (index) =>
      post(
        index,
        '/v1/payouts/init',
        { amount: '1.00', currency: 'EUR', method: 'card', player_id: 'player-debits' },
        { 'idempotency-key': `out-${index}` },
      ),
    );
    const answers = [...(await debits), ...(await payouts)];
    const done = answers.filter(({ status }) => status === 200 || status === 201).length;
    assert.equal(done, 10);
    assert.ok(answers.every(({ status }) => [200, 201, 402].includes(status)));
    const [purse] = (await wallet('player-debits')) as { available: string }[];
    assert.equal(purse?.available, '0.00');
  });

  it('moves money once for the same txn_id sent in parallel', async () => {
    const movement = {
      player_id: 'player-txn',
      payment_id: 'round',
      txn_id: 'same',
      idempotency_key: 'same',
      amount: '3.00',
      currency: 'EUR',
    };
    const answers = await times(16, (index) => post(index, '/v1/wallet/credit', movement));
    assert.ok(
      answers.every(({ status, body }) => status === 200 && (body as { available: string }).available === '3.00'),
    );
    assert.equal(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined).length, 1);
    assert.deepEqual(await wallet('player-txn'), [{ currency: 'EUR', available: '3.00', held: '0.00' }]);
  });

  it('captures an authorized deposit once, whoever asks, and never both captures and voids it', async () => {
    const before = alpha.calls.length;
    const started = await post(
      0,
      '/v1/payments/init',
      { ...DEPOSIT, player_id: 'player-capture', capture: 'manual' },
      { 'idempotency-key': 'two-step' },
    );
    const id = (started.body as { payment_id: string }).payment_id;
    const answers = await times(12, (index) =>
      post(
        index,
        `/v1/payments/${id}/${index % 3 === 2 ? 'void' : 'capture'}`,
        {},
        { 'idempotency-key': `change-${index % 6}` },
      ),
    );
    assert.ok(answers.every(({ status }) => status === 200 || status === 409));
    const first = answers.filter(
      ({ status, headers }) => status === 200 && headers['idempotent-replayed'] === undefined,
    );
    assert.equal(first.length, 1, 'one request changed it');
    const calls = alpha.calls.slice(before);
    assert.equal(calls.filter((call) => /^(capture|cancel) /.test(call)).length, 1);
  });

  it('opens and closes a game round once, whoever asks', async () => {
    const base = { player_id: 'player-rounds', payment_id: 'game', currency: 'EUR' };
    await post(0, '/v1/wallet/credit', { ...base, txn_id: 'r-fund', idempotency_key: 'r-fund', amount: '10.00' });
    const debits = await times(12, (index) =>
      post(index, '/v1/wallet/debit', {
        ...base,
        txn_id: `r-bet-${index % 3}`,
        idempotency_key: `r-bet-${index % 3}`,
        amount: '1.00',
        round_id: 'race',
      }),
    );
    assert.equal(
      new Set(debits.filter(({ status }) => status === 200).map(({ body }) => (body as { txn_id: string }).txn_id))
        .size,
      1,
    );
    assert.ok(debits.every(({ status }) => status === 200 || status === 409));
    const closings = await times(12, (index) =>
      index % 4 === 3
        ? post(index, '/v1/rounds/race/rollback', { txn_id: 'r-back', idempotency_key: 'r-back' })
        : post(index, '/v1/wallet/credit', {
            ...base,
            txn_id: `r-win-${index % 4}`,
            idempotency_key: `r-win-${index % 4}`,
            amount: '3.00',
            round_id: 'race',
          }),
    );
    assert.ok(closings.every(({ status }) => status === 200 || status === 409));
    const round = await get('/v1/rounds/race');
    assert.equal(round['debited'], '1.00');
    const [purse] = (await wallet('player-rounds')) as { available: string }[];
    assert.equal(purse?.available, round['status'] === 'settled' ? '12.00' : '10.00');
  });

  it('keeps the books in balance after all of this', async () => {
    const accounts = (await get('/v1/ledger/balances'))['accounts'] as { balance: string; currency: string }[];
    assert.equal(
      accounts.reduce((sum, { balance }) => sum + Math.round(Number(balance) * 100), 0),
      0,
    );
  });

  it('lets nobody change a ledger entry or insert one that does not add up', async () => {
    const knex = pools[0] as Knex;
    await assert.rejects(knex.raw('update entry set amount_minor = amount_minor + 1'), /never changed/);
    await assert.rejects(knex.raw('delete from entry'), /never changed/);
    await assert.rejects(
      knex.raw(
        `insert into entry (transfer_id, account, amount_minor, currency, created_at) values ('t', 'platform', 5, 'EUR', 0)`,
      ),
      /add up to zero/,
    );
  });
});
