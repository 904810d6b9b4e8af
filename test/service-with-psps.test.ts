/**
 * The whole service with a simulated PSP behind its real adapter, in virtual time over real SQL:
 * what PayPal and Checkout.com ask of a service beyond a call and a webhook. Money is taken only
 * by our own call after the payer's approval, the id of an order may never arrive, a certificate
 * must be fetched before a webhook can be believed, a capture comes after the answer.
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
import type { PgliteKnex } from '../kernel/index.ts';
import { createSimulator } from '../psp-simulator/index.ts';
import { createService, migrate } from '../reference-service/index.ts';
import type { PspDialect } from '../reference-service/index.ts';

const API_KEY = 'test-key';
const MINUTE_MS = 60_000;
const activity = createActivity();
let database: PgliteKnex;

before(async () => {
  database = await createPgliteKnex({ activity });
  await migrate(database.knex);
});
after(() => database.close());

interface ServiceWorld {
  deposit(more?: object): Promise<Record<string, unknown>>;
  payment(id: unknown): Promise<Record<string, unknown>>;
  wallet(): Promise<unknown>;
  cases(): Promise<unknown[]>;
  /** Plays the payer on the PSP's page; gives the address that the browser is sent to. */
  payer(pageUrl: unknown, action: string): Promise<string>;
  browse(url: string): Promise<void>;
  fault(fault: object): Promise<void>;
  captured(): Promise<number[]>;
  /** Delivers a PayPal event that nobody signed, under a certificate of PayPal's; gives the status. */
  forge(): Promise<number>;
  pass(ms: number): Promise<void>;
}

async function inService(dialect: PspDialect, work: (world: ServiceWorld) => Promise<void>): Promise<void> {
  await database.reset();
  const clock = createVirtualClock({ startMs: Date.parse('2026-01-05T09:00:00.000Z'), activity });
  const network = createMemoryNetwork({ clock, activity });
  const simulator = await createSimulator({
    ports: {
      clock,
      wireClock: clock,
      random: createKeyedRandom('service-with-psps'),
      ids: createKeyedIds('simulator'),
      network,
      history: createHistoryWriter({ clock }),
      activity,
    },
    psps: [{ name: dialect, dialect }],
  });
  const psp = simulator.psps[0];
  assert.ok(psp);
  const errors: unknown[] = [];
  const service = await createService({
    config: {
      apiKey: API_KEY,
      timings: {},
      psps: [{ name: dialect, dialect, baseUrl: psp.url, credentials: { ...psp.credentials } }],
    },
    ports: {
      clock,
      activity,
      network,
      knex: database.knex,
      ids: createKeyedIds('service'),
      log: (line) => void (line['level'] === 'error' && errors.push(line)),
    },
  });
  await service.start();
  const call = async (method: string, url: string, body?: object | string, headers: Record<string, string> = {}) => {
    const text = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
    const all = { authorization: `Bearer ${API_KEY}`, 'content-type': type, ...headers };
    const answer = await network.request({ method, url, headers: all, timeoutMs: 120_000, ...text });
    assert.ok(answer.status < 400, `${method} ${url}: ${answer.status} ${answer.body.toString()}`);
    return answer;
  };
  const json = async (...request: Parameters<typeof call>): Promise<Record<string, unknown>> =>
    JSON.parse((await call(...request)).body.toString()) as Record<string, unknown>;
  const control = `${simulator.control.url}/v1`;
  const world: ServiceWorld = {
    deposit: (more = {}) =>
      json(
        'POST',
        `${service.url}/v1/payments/init`,
        {
          amount: '50.00',
          currency: 'EUR',
          method: 'card',
          payment_token: 'card_ok',
          return_url: 'https://casino.example/done',
          player_id: 'player-1',
          ...more,
        },
        { 'idempotency-key': 'key-1' },
      ),
    payment: (id) => json('GET', `${service.url}/v1/payments/${String(id)}`),
    wallet: async () => (await json('GET', `${service.url}/v1/wallets/player-1`))['wallets'],
    cases: async () => (await json('GET', `${service.url}/v1/cases`))['cases'] as unknown[],
    payer: async (url, action) =>
      (await call('POST', String(url), `action=${action}`, { authorization: '' })).headers['location'] ?? '',
    browse: async (url) => void (await call('GET', url)),
    fault: async (fault) => void (await call('POST', `${control}/faults`, fault)),
    captured: async () =>
      ((await json('GET', `${control}/psps/${dialect}/books`))['payments'] as { captured_minor: number }[]).map(
        ({ captured_minor: minor }) => minor,
      ),
    forge: async () => {
      const headers = {
        'content-type': 'application/json',
        'paypal-auth-algo': 'SHA256withRSA',
        'paypal-cert-url': `${psp.url}/v1/notifications/certs/CERT-360caa42-fca2a594-assay`,
        'paypal-transmission-id': 'trans-1',
        'paypal-transmission-sig': 'AAAA',
        'paypal-transmission-time': new Date(clock.now()).toISOString(),
      };
      const url = `${service.url}/v1/payments/webhook/${dialect}`;
      return (await network.request({ method: 'POST', url, headers, body: '{}', timeoutMs: 120_000 })).status;
    },
    pass: (ms) => clock.sleep(ms),
  };
  const subscribe = () =>
    call('PATCH', `${control}/psps/${dialect}`, {
      webhook_url: `${service.url}/v1/payments/webhook/${dialect}`,
    });
  const outcome: { error?: unknown; done: boolean } = { done: false };
  void activity
    .run('test', async () => {
      await subscribe();
      await work(world);
    })
    .catch((error: unknown) => {
      outcome.error = error;
    })
    .finally(() => {
      outcome.done = true;
    });
  await clock.run({ until: () => outcome.done });
  await service.stop();
  await simulator.close();
  await network.close();
  if (outcome.error !== undefined)
    throw outcome.error instanceof Error ? outcome.error : new Error(String(outcome.error));
  assert.deepEqual(errors, []);
}

const WALLET = { method: 'ewallet', payment_token: 'ewallet_ok' };
const FIFTY = [{ currency: 'EUR', available: '50.00', held: '0.00' }];

describe('service with a simulated paypal', () => {
  it('takes a card payment at once, and its signed webhook is believed', () =>
    inService('paypal', async (world) => {
      const started = await world.deposit();
      await world.pass(5_000);
      assert.equal((await world.payment(started['payment_id']))['status'], 'succeeded');
      assert.deepEqual(await world.wallet(), FIFTY);
      assert.deepEqual(await world.cases(), []);
    }));

  it('takes the money of an account when the payer is back', () =>
    inService('paypal', async (world) => {
      const started = await world.deposit(WALLET);
      const back = await world.payer(started['redirect_url'], 'approve');
      assert.deepEqual(await world.captured(), [0]);
      await world.browse(back);
      assert.deepEqual(await world.captured(), [5_000]);
      await world.pass(10_000);
      assert.equal((await world.payment(started['payment_id']))['status'], 'succeeded');
      assert.deepEqual(await world.wallet(), FIFTY);
    }));

  it('takes it by the event of the approval within seconds when the browser is closed', () =>
    inService('paypal', async (world) => {
      const started = await world.deposit(WALLET);
      await world.payer(started['redirect_url'], 'approve');
      await world.pass(20_000);
      assert.equal((await world.payment(started['payment_id']))['status'], 'succeeded');
      assert.deepEqual(await world.captured(), [5_000]);
      assert.deepEqual(await world.wallet(), FIFTY);
    }));

  it('takes it by asking when browser and events are lost', () =>
    inService('paypal', async (world) => {
      await world.fault({ fault: 'webhook-lost', with: { silently: true } });
      const started = await world.deposit(WALLET);
      await world.payer(started['redirect_url'], 'approve');
      await world.pass(10 * MINUTE_MS);
      assert.equal((await world.payment(started['payment_id']))['status'], 'succeeded');
      assert.deepEqual(await world.wallet(), FIFTY);
    }));

  it('learns what became of an order whose id never arrived, without a second one', () =>
    inService('paypal', async (world) => {
      await world.fault({ fault: 'webhook-lost', with: { silently: true } });
      await world.fault({ fault: 'answer-lost', operation: 'create-payment', count: 1 });
      const started = await world.deposit();
      assert.equal(started['status'], 'pending', JSON.stringify(started));
      await world.pass(2 * MINUTE_MS);
      assert.equal((await world.payment(started['payment_id']))['status'], 'succeeded');
      assert.deepEqual(await world.captured(), [5_000]);
      assert.deepEqual(await world.wallet(), FIFTY);
    }));

  it('takes nothing of an account whose payer approves after the payment was given up', () =>
    inService('paypal', async (world) => {
      const started = await world.deposit(WALLET);
      await world.pass(120 * MINUTE_MS);
      const given = await world.payment(started['payment_id']);
      assert.notEqual(given['status'], 'pending', JSON.stringify(given));
      await world.payer(started['redirect_url'], 'approve');
      await world.pass(10 * MINUTE_MS);
      assert.deepEqual(await world.captured(), [0]);
      assert.deepEqual(await world.wallet(), []);
    }));

  it('answers 503 to a webhook whose certificate cannot be had now, so that it comes again, and 401 to a forged one', () =>
    inService('paypal', async (world) => {
      await world.fault({ fault: 'webhook-lost', with: { silently: true } });
      await world.deposit();
      await world.fault({ fault: 'error', operation: 'read-other', count: 1, with: { status: 503 } });
      assert.equal(await world.forge(), 503);
      assert.equal(await world.forge(), 401);
    }));
});

describe('service with a simulated checkout', () => {
  it('takes a card payment whose capture follows the answer', () =>
    inService('checkout', async (world) => {
      const started = await world.deposit();
      await world.pass(MINUTE_MS);
      assert.equal((await world.payment(started['payment_id']))['status'], 'succeeded');
      assert.deepEqual(await world.wallet(), FIFTY);
      assert.deepEqual(await world.cases(), []);
    }));

  it('takes a payment after its challenge', () =>
    inService('checkout', async (world) => {
      const started = await world.deposit({ payment_token: 'card_3ds' });
      await world.browse(await world.payer(started['redirect_url'], 'approve'));
      await world.pass(MINUTE_MS);
      assert.equal((await world.payment(started['payment_id']))['status'], 'succeeded');
      assert.deepEqual(await world.wallet(), FIFTY);
    }));
});
