/**
 * The service and a simulated PSP in one process and in virtual time, with the PSP's own
 * settlement files going into the service day by day: for the tests in which what the PSP
 * planted in a file must come out as one case.
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
  type PgliteKnex,
} from '../kernel/index.ts';
import { createSimulator } from '../psp-simulator/index.ts';
import { createService, migrate } from '../reference-service/index.ts';
import type { PspDialect } from '../reference-service/index.ts';

const API_KEY = 'test-key';
export const DAY_MS = 86_400_000;

/** What each PSP's price list and calendar say, as a merchant would have them in his contract. */
const fee = (basisPoints: number[], fixed: number) => ({ basisPoints, fixedMinor: { EUR: fixed } });
export const TERMS: Readonly<Record<PspDialect, object>> = {
  acme: {
    delayDays: 1,
    fees: { payment: fee([60, 20, 10, 10], 10), refund: fee([], 10), payout: fee([], 25), chargeback: fee([], 1_500) },
  },
  stripe: { delayDays: 3, fees: { payment: fee([150], 25), chargeback: fee([], 2_000) } },
  adyen: {
    delayDays: 2,
    fees: { payment: fee([30, 14, 60], 11), refund: fee([], 11), payout: fee([], 25), chargeback: fee([], 1_500) },
  },
  checkout: {
    delayDays: 2,
    cutoffHour: 2,
    fees: { payment: fee([30, 12, 25], 8), refund: fee([], 8), payout: fee([], 40), chargeback: fee([], 1_500) },
  },
  paypal: {
    delayDays: 0,
    fees: { payment: fee([299], 39), payout: fee([], 25), chargeback: fee([], 1_400) },
  },
  mollie: {
    delayDays: 2,
    fees: { payment: fee([180], 25), refund: fee([], 25), chargeback: fee([], 1_750) },
  },
  'open-banking': {
    delayDays: 0,
    fees: { payment: fee([], 20), refund: fee([], 15), payout: fee([], 30) },
  },
};

export interface CaseSeen {
  case_id: string;
  kind: string;
  status: string;
  subject_id: string;
  open_amount: string | null;
  currency: string | null;
  summary: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

export interface ReconciliationWorld {
  request(method: string, path: string, body?: unknown): Promise<Answer>;
  fault(fault: object): Promise<void>;
  deposit(amount: string, token?: string): Promise<string>;
  refund(paymentId: string, amount: string): Promise<void>;
  pass(ms: number): Promise<void>;
  /** Imports every file that the PSP has closed and we have not; gives how many. */
  importNew(): Promise<number>;
  /** All files again, as they were. */
  importAgain(): Promise<Answer[]>;
  /** Transfers as our bank tells them, from what the PSP means to have sent. */
  bankLines(rows: string): Promise<Answer>;
  batches(): Promise<{ batch: string; told: { transfer_minor: number; currency: string }; at: number }[]>;
  cases(): Promise<CaseSeen[]>;
  clearing(): Promise<string>;
  /** Of an account of our ledger, in euros. */
  balance(account: string): Promise<string>;
  /** Requests to the PSP whose method and path begin so, since the beginning. */
  asked(prefix: string): number;
}

export interface WorldOptions {
  fetchDaily?: boolean;
  /** Processes of the service on one database; the first is spoken to. */
  services?: number;
}

const activity = createActivity();
let shared: PgliteKnex | undefined;

export async function closeReconciliationDatabase(): Promise<void> {
  await shared?.close();
  shared = undefined;
}

const TOKENS: Partial<Record<PspDialect, { method: string }>> = {
  'open-banking': { method: 'bank' },
  paypal: { method: 'ewallet' },
};

export async function inReconciliationWorld(
  dialect: PspDialect,
  work: (world: ReconciliationWorld) => Promise<void>,
  { fetchDaily = false, services = 1 }: WorldOptions = {},
): Promise<void> {
  shared ??= await createPgliteKnex({ activity });
  await migrate(shared.knex);
  await shared.reset();
  const clock = createVirtualClock({ startMs: Date.parse('2026-01-05T09:00:00.000Z'), activity });
  const network = createMemoryNetwork({ clock, activity });
  const random = createKeyedRandom(`reconciliation-${dialect}`);
  const simulator = await createSimulator({
    ports: {
      clock,
      wireClock: clock,
      random,
      ids: createKeyedIds('simulator'),
      network,
      history: createHistoryWriter({ clock }),
      activity,
    },
    psps: [{ name: dialect, dialect, webhookUrl: `http://payments/v1/payments/webhook/${dialect}` }],
  });
  const [psp] = simulator.psps;
  assert.ok(psp);
  const { knex } = shared;
  const asked: string[] = [];
  const counted: typeof network = {
    ...network,
    request: (request) => {
      if (request.url.startsWith(psp.url)) asked.push(`${request.method} ${request.url.slice(psp.url.length)}`);
      return network.request(request);
    },
  };
  const createOne = (host: string) =>
    createService({
      config: {
        apiKey: API_KEY,
        name: host,
        publicUrl: `http://${host}`,
        psps: [{ name: dialect, dialect, baseUrl: psp.url, credentials: { ...psp.credentials } }],
        reconciliation: { fetchDaily, terms: { [dialect]: TERMS[dialect] } },
        // Nobody else works on this database, and weeks go by.
        timings: { workerIdleMs: 600_000 },
      },
      ports: { clock, activity, network: counted, knex, ids: createKeyedIds(host === 'payments' ? 'service' : host) },
    });
  const service = await createOne('payments');
  const all = [service];
  for (let n = 2; n <= services; n += 1) all.push(await createOne(`payments-${n}`));
  for (const one of all) await one.start();

  const call = async (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) => {
    const bytes = Buffer.isBuffer(body) ? body : body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    return network.request({
      method,
      url,
      headers: { 'content-type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json', ...headers },
      timeoutMs: 120_000,
      ...(bytes === undefined ? {} : { body: bytes }),
    });
  };
  /** The payer says yes on the PSP's page, and his browser comes back. */
  const approve = async (page: string): Promise<void> => {
    const answer = await network.request({
      method: 'POST',
      url: page,
      body: 'action=approve',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      timeoutMs: 120_000,
    });
    assert.equal(answer.status, 303, answer.body.toString());
    await call('GET', answer.headers['location'] ?? '');
  };
  let keys = 0;
  const request = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    keys += 1;
    const response = await call(method, `${service.url}${path}`, body, {
      authorization: `Bearer ${API_KEY}`,
      'idempotency-key': `key-${keys}`,
    });
    const text = response.body.toString('utf8');
    return { status: response.status, headers: response.headers, body: JSON.parse(text) as Record<string, unknown> };
  };
  const control = async (method: string, path: string, body?: object): Promise<Buffer> => {
    const answer = await call(method, `${simulator.control.url}/v1${path}`, body);
    assert.ok(answer.status < 300, answer.body.toString());
    return answer.body;
  };
  const root = `/psps/${dialect}/settlements`;
  const files = new Map<string, Buffer>();
  const upload = (name: string, body: Buffer): Promise<Answer> =>
    request('POST', `/v1/reconciliation/imports?psp=${dialect}&file_name=${encodeURIComponent(name)}`, body);

  const world: ReconciliationWorld = {
    request,
    fault: async (fault) => void (await control('POST', '/faults', fault)),
    pass: (ms) => clock.sleep(ms),
    async deposit(amount, token) {
      const method = TOKENS[dialect]?.method ?? 'card';
      const { status, body } = await request('POST', '/v1/payments/init', {
        amount,
        currency: 'EUR',
        method,
        ...(token === undefined ? {} : { payment_token: token }),
        return_url: 'https://casino.example/done',
        player_id: 'player-1',
      });
      assert.ok(status < 300, JSON.stringify(body));
      const redirect = body['redirect_url'];
      if (typeof redirect === 'string') await approve(redirect);
      return String(body['payment_id']);
    },
    async refund(paymentId, amount) {
      const { status, body } = await request('POST', `/v1/payments/${paymentId}/refunds`, { amount });
      assert.equal(status, 201, JSON.stringify(body));
    },
    async importNew() {
      const closed = JSON.parse((await control('GET', root)).toString()) as {
        batch: string;
        files: { name: string }[];
      }[];
      let count = 0;
      for (const { batch, files: names } of closed) {
        for (const { name } of names) {
          const body = await control('GET', `${root}/${encodeURIComponent(batch)}/files/${encodeURIComponent(name)}`);
          if (files.has(`${batch} ${name}`)) continue;
          files.set(`${batch} ${name}`, body);
          const answer = await upload(name, body);
          assert.equal(answer.status, 201, JSON.stringify(answer.body));
          count += 1;
        }
      }
      return count;
    },
    async importAgain() {
      const answers: Answer[] = [];
      for (const [key, body] of files) answers.push(await upload(key.slice(key.indexOf(' ') + 1), body));
      return answers;
    },
    bankLines: (rows) =>
      request('POST', `/v1/reconciliation/bank-lines?psp=${dialect}&file_name=bank.csv`, Buffer.from(rows)),
    async batches() {
      const closed = JSON.parse((await control('GET', root)).toString()) as { batch: string; to: string }[];
      const seen = [];
      for (const { batch, to } of closed) {
        const { told } = JSON.parse((await control('GET', `${root}/${encodeURIComponent(batch)}`)).toString()) as {
          told: { transfer_minor: number; currency: string };
        };
        seen.push({ batch, told, at: Date.parse(to) });
      }
      return seen;
    },
    /** Of reconciliation; what is in doubt for a while and then is not is another matter. */
    cases: async () =>
      ((await request('GET', '/v1/cases')).body['cases'] as CaseSeen[]).filter(({ kind }) => kind !== 'stuck_in_doubt'),
    clearing: () => world.balance(`psp:${dialect}`),
    async balance(name) {
      const { body } = await request('GET', '/v1/ledger/balances');
      const accounts = body['accounts'] as { account: string; balance: string }[];
      return accounts.find(({ account }) => account === name)?.balance ?? '0.00';
    },
    asked: (prefix) => asked.filter((line) => line.startsWith(prefix)).length,
  };
  const outcome: { error?: unknown; done: boolean } = { done: false };
  void activity
    .run('test', () => work(world))
    .catch((error: unknown) => {
      outcome.error = error;
    })
    .finally(() => {
      outcome.done = true;
    });
  await clock.run({ until: () => outcome.done });
  let stopped = false;
  // What the services have begun is ended first, and some of it waits for the clock.
  void activity
    .detached('stop', () => activity.parked(Promise.all(all.map((one) => one.stop()))))
    .finally(() => {
      stopped = true;
      activity.touch();
    });
  await clock.run({ until: () => stopped });
  await simulator.close();
  await network.close();
  if (outcome.error !== undefined) throw outcome.error as Error;
}
