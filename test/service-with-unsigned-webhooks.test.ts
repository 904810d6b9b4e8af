/**
 * The whole service with Mollie and pay by bank, against the simulator, in virtual time: what
 * only their webhooks need, from the bytes that arrive to the wallet. Mollie's classic webhooks
 * are signed by nobody, and those of banks under keys that must be fetched first.
 */
import assert from 'node:assert/strict';
import {
  createActivity,
  createHistoryWriter,
  createKeyedIds,
  createKeyedRandom,
  createMemoryNetwork,
  createPgliteKnex,
  createVirtualClock,
} from '../kernel/index.ts';
import type { HttpResponse, PgliteKnex, VirtualClock } from '../kernel/index.ts';
import { createSimulator } from '../psp-simulator/index.ts';
import { createService, migrate } from '../reference-service/index.ts';

const DIALECTS = ['mollie', 'open-banking'] as const;
const SERVICE = 'http://payments';
const HOOK = `${SERVICE}/v1/payments/webhook`;
const API_KEY = 'test-key';
const HOUR_MS = 3_600_000;

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

interface World {
  clock: VirtualClock;
  call(method: string, path: string, body?: object): Promise<Answer>;
  deposit(more: object): Promise<Record<string, unknown>>;
  payer(page: unknown, action: string): Promise<void>;
  /** Bytes that nobody of ours sends. */
  forge(psp: string, body: string, headers?: Record<string, string>): Promise<number>;
  balance(): Promise<string[]>;
  cases(): Promise<unknown[]>;
  fault(fault: object): Promise<void>;
}

const activity = createActivity();
let database: PgliteKnex;

before(async () => {
  database = await createPgliteKnex({ activity });
});
after(() => database.close());

async function inWorld(work: (world: World) => Promise<void>): Promise<void> {
  const { knex } = database;
  await migrate(knex);
  await database.reset();
  const clock = createVirtualClock({ startMs: Date.parse('2026-01-05T09:00:00.000Z'), activity });
  const network = createMemoryNetwork({ clock, activity });
  const simulator = await createSimulator({
    ports: {
      clock,
      wireClock: clock,
      random: createKeyedRandom('unsigned'),
      ids: createKeyedIds('simulator'),
      network,
      history: createHistoryWriter({ clock }),
      activity,
    },
    psps: DIALECTS.map((dialect) => ({ name: dialect, dialect, webhookUrl: `${HOOK}/${dialect}` })),
  });
  const service = await createService({
    config: {
      name: 'payments',
      apiKey: API_KEY,
      publicUrl: SERVICE,
      timings: { workerIdleMs: 10 * 60_000 },
      psps: simulator.psps.map(({ name, dialect, url, credentials }) => ({
        name,
        dialect: dialect as (typeof DIALECTS)[number],
        baseUrl: url,
        credentials: { ...credentials },
      })),
    },
    ports: { clock, ids: createKeyedIds('service'), network, activity, knex },
  });
  await service.start();
  let keys = 0;
  const read = ({ status, body }: HttpResponse): Answer => ({
    status,
    body: body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Record<string, unknown>),
  });
  const call: World['call'] = async (method, path, body) => {
    keys += 1;
    const headers = {
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
      'idempotency-key': `key-${keys}`,
    };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return read(await network.request({ method, url: `${SERVICE}${path}`, headers, timeoutMs: 60_000, ...sent }));
  };
  const world: World = {
    clock,
    call,
    deposit: async (more) => {
      const common = { amount: '50.00', currency: 'EUR', player_id: 'player-1', return_url: 'http://casino/done' };
      const { status, body } = await call('POST', '/v1/payments/init', { ...common, ...more });
      assert.ok(status < 300, JSON.stringify(body));
      return body;
    },
    payer: async (page, action) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      await network.request({
        method: 'POST',
        url: String(page),
        headers,
        body: `action=${action}`,
        timeoutMs: 10_000,
      });
    },
    forge: async (psp, body, headers = { 'content-type': 'application/x-www-form-urlencoded' }) =>
      (await network.request({ method: 'POST', url: `${HOOK}/${psp}`, headers, body, timeoutMs: 10_000 })).status,
    balance: async () => {
      const wallets = (await call('GET', '/v1/wallets/player-1')).body['wallets'] as Record<string, string>[];
      return wallets.map(({ currency, available }) => `${available ?? ''} ${currency ?? ''}`);
    },
    cases: async () => (await call('GET', '/v1/cases')).body['cases'] as unknown[],
    fault: async (fault) => {
      const headers = { 'content-type': 'application/json' };
      const url = `${simulator.control.url}/v1/faults`;
      const { status } = await network.request({
        method: 'POST',
        url,
        headers,
        body: JSON.stringify(fault),
        timeoutMs: 10_000,
      });
      assert.ok(status < 300);
    },
  };
  const outcome: { error?: unknown; done: boolean } = { done: false };
  const finish = async (): Promise<void> => {
    try {
      await work(world);
    } catch (error) {
      outcome.error = error;
    }
    await service.stop();
    outcome.done = true;
  };
  void activity.run('test', finish);
  await clock.run({ until: () => outcome.done });
  await simulator.close();
  await network.close();
  if (outcome.error !== undefined)
    throw outcome.error instanceof Error ? outcome.error : new Error(String(outcome.error));
}

const wallet = { method: 'ewallet', payment_token: 'ewallet_ok' };
const bank = { method: 'bank', payment_token: 'bank_ok', meta: { psp: 'open-banking' } };

describe('the service with webhooks that prove nothing by themselves', () => {
  it('credits what mollie answers when a classic webhook makes it ask, once', () =>
    inWorld(async (world) => {
      const { clock, deposit, payer, balance, cases, call } = world;
      const payment = await deposit(wallet);
      assert.equal(payment['status'], 'pending', JSON.stringify(payment));
      await payer(payment['redirect_url'], 'approve');
      await clock.sleep(20_000);
      assert.equal((await call('GET', `/v1/payments/${String(payment['payment_id'])}`)).body['status'], 'succeeded');
      await clock.sleep(8 * HOUR_MS);
      assert.deepEqual(await balance(), ['50.00 EUR']);
      assert.deepEqual(await cases(), []);
    }));

  it('gives nothing for notifications that somebody else wrote', () =>
    inWorld(async (world) => {
      const { clock, deposit, forge, balance, cases } = world;
      await deposit(wallet);
      assert.equal(await forge('mollie', 'id=tr_forged'), 200);
      assert.equal(await forge('mollie', 'id=tr_forged'), 200);
      assert.equal(await forge('mollie', 'id=tr_forged&status=paid'), 401);
      const event = { resource: 'event', id: 'event_1', type: 'payment.paid', createdAt: '2026-01-05T09:00:00Z' };
      const headers = { 'content-type': 'application/json' };
      assert.equal(await forge('mollie', JSON.stringify(event), headers), 401);
      assert.equal(await forge('open-banking', JSON.stringify({ type: 'payment_settled' }), headers), 401);
      await clock.sleep(20_000);
      assert.deepEqual(await balance(), []);
      assert.deepEqual(await cases(), []);
    }));

  it('reads what a notification is about as soon as mollie answers again', () =>
    inWorld(async (world) => {
      const { clock, deposit, payer, balance, fault } = world;
      const payment = await deposit(wallet);
      await fault({ fault: 'outage', psp: 'mollie', operation: 'get-payment', count: 4 });
      await payer(payment['redirect_url'], 'approve');
      await clock.sleep(5 * 60_000);
      assert.deepEqual(await balance(), ['50.00 EUR']);
    }));

  it('credits a payment by bank under keys that it fetches, and pays out by bank', () =>
    inWorld(async (world) => {
      const { clock, deposit, payer, balance, cases, call } = world;
      const payment = await deposit(bank);
      await payer(payment['redirect_url'], 'approve');
      await clock.sleep(20_000);
      assert.equal((await call('GET', `/v1/payments/${String(payment['payment_id'])}`)).body['status'], 'succeeded');
      const out = await call('POST', '/v1/payouts/init', {
        amount: '20.00',
        currency: 'EUR',
        method: 'bank',
        destination_token: 'bank_payout_ok',
        player_id: 'player-1',
      });
      assert.ok(out.status < 300, JSON.stringify(out.body));
      await clock.sleep(8 * HOUR_MS);
      assert.equal((await call('GET', `/v1/payouts/${String(out.body['payout_id'])}`)).body['status'], 'succeeded');
      assert.deepEqual(await balance(), ['30.00 EUR']);
      assert.deepEqual(await cases(), []);
    }));

  it('leads the payer to his bank after all when the answer about his payment was lost', () =>
    inWorld(async (world) => {
      const { clock, deposit, payer, balance, fault, call } = world;
      await fault({ fault: 'answer-lost', psp: 'open-banking', operation: 'create-payment', count: 1 });
      const payment = await deposit(bank);
      await clock.sleep(60_000);
      const { body } = await call('GET', `/v1/payments/${String(payment['payment_id'])}`);
      assert.ok(typeof body['redirect_url'] === 'string', JSON.stringify(body));
      await payer(body['redirect_url'], 'approve');
      await clock.sleep(20_000);
      assert.deepEqual(await balance(), ['50.00 EUR']);
    }));
});
