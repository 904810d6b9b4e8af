/**
 * The test bench: a simulator on virtual time and memory sockets, a merchant that records the
 * webhooks it gets, and a small client. Everything ends in kernel primitives, so 72 hours pass
 * in milliseconds and the same seed gives the same history.
 */
import assert from 'node:assert/strict';
import {
  createActivity,
  createHistoryWriter,
  createKeyedIds,
  createKeyedRandom,
  createMemoryNetwork,
  createVirtualClock,
  NetworkError,
} from '../../kernel/index.ts';
import type { HistoryEvent, HttpResponse } from '../../kernel/index.ts';
import { createSimulator } from '../index.ts';
import type { PspConfig, RunningPsp } from '../index.ts';

export const START_MS = Date.UTC(2026, 0, 5, 9, 0, 0);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** A webhook as the merchant saw it. */
export interface ReceivedWebhook {
  atMs: number;
  headers: Record<string, string>;
  body: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  json: Record<string, unknown>;
}

export interface BenchOptions {
  seed?: string;
  psps?: PspConfig[];
}

export type Bench = Awaited<ReturnType<typeof openBench>>;

/** One `acme` PSP named `acme` unless told otherwise; webhooks go to `http://merchant/<psp>`. */
export async function openBench(options: BenchOptions = {}) {
  const seed = options.seed ?? 'bench';
  const activity = createActivity();
  const clock = createVirtualClock({ startMs: START_MS, activity });
  const network = createMemoryNetwork({ clock, activity });
  const history = createHistoryWriter({ clock });
  const received: ReceivedWebhook[] = [];
  const merchant = { status: 200, received };
  const merchantDoor = await network.listen({
    name: 'merchant',
    listener: (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        received.push({ atMs: clock.now(), headers, body: Buffer.concat(chunks).toString('utf8') });
        response.writeHead(merchant.status).end();
      });
    },
  });
  const ports = {
    clock,
    wireClock: clock,
    random: createKeyedRandom(seed),
    ids: createKeyedIds(seed),
    network,
    history,
    activity,
  };
  const configs = options.psps ?? [{ name: 'acme', dialect: 'acme' }];
  const simulator = await createSimulator({
    ports,
    psps: configs.map((config) => ({ webhookUrl: `http://merchant/${config.name}`, ...config })),
  });

  /** Runs `work` while virtual time passes, until it is done. */
  async function during<T>(work: () => Promise<T>): Promise<T> {
    let outcome: { value: T } | { error: unknown } | undefined;
    void activity.run('test', work).then(
      (value) => (outcome = { value }),
      (error: unknown) => (outcome = { error }),
    );
    await clock.run({ until: () => outcome !== undefined });
    if (outcome === undefined) throw new Error('the work of the test never ended');
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  async function exchange(
    url: string,
    request: { method?: string; headers?: Record<string, string>; body?: string; timeoutMs?: number } = {},
  ): Promise<HttpResponse> {
    const { method = 'GET', timeoutMs = 30_000 } = request;
    return during(() =>
      network.request({
        method,
        url,
        timeoutMs,
        ...(request.headers === undefined ? {} : { headers: request.headers }),
        ...(request.body === undefined ? {} : { body: request.body }),
      }),
    );
  }

  async function control(method: string, path: string, body?: unknown): Promise<Answer> {
    const sent =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    return toAnswer(await exchange(`${simulator.control.url}/v1${path}`, { method, ...sent }));
  }

  function psp(name = configs[0]?.name ?? 'acme'): RunningPsp {
    const found = simulator.psps.find((candidate) => candidate.name === name);
    assert.ok(found, `no PSP ${name}`);
    return found;
  }

  return {
    activity,
    clock,
    network,
    history,
    simulator,
    merchant,
    ports,
    during,
    exchange,
    control,
    psp,
    /** Lets virtual time pass. */
    pass: (ms: number) => clock.run({ untilMs: clock.now() + ms }),
    /** Lets time pass until nothing is planned any more. */
    rest: () => clock.run(),
    events: (f: string, type?: string): HistoryEvent[] =>
      history.events().filter((event) => event.f === f && (type === undefined || event.type === type)),
    plan: (...faults: unknown[]) => control('PUT', '/faults', { faults }),
    close: async () => {
      await simulator.close();
      await merchantDoor.close(0);
    },
  };
}

export function toAnswer(response: HttpResponse): Answer {
  const text = response.body.toString('utf8');
  return {
    status: response.status,
    headers: response.headers,
    json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

/** A client of acme's API over the bench's network. */
export function acmeClient(bench: Bench, name = 'acme') {
  const { url, credentials } = bench.psp(name);
  let keys = 0;

  async function post(
    path: string,
    body: unknown,
    options: { key?: string; timeoutMs?: number } = {},
  ): Promise<Answer> {
    keys += 1;
    const { key = `key-${keys}`, timeoutMs } = options;
    const headers = {
      authorization: `Bearer ${credentials['apiKey']}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    };
    const sent = {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    return toAnswer(await bench.exchange(`${url}${path}`, sent));
  }

  async function get(path: string): Promise<Answer> {
    return toAnswer(
      await bench.exchange(`${url}${path}`, { headers: { authorization: `Bearer ${credentials['apiKey']}` } }),
    );
  }

  return {
    post,
    get,
    pay: (
      reference: string,
      fields: Record<string, unknown> = {},
      options: { key?: string; timeoutMs?: number } = {},
    ) => post('/payments', { amount: '50.00', currency: 'EUR', reference, method: 'card', ...fields }, options),
    payment: async (reference: string) =>
      (await get(`/payments?reference=${reference}`)).json['data'] as Record<string, unknown>[],
  };
}

/** Asserts that `work` fails on the wire, and answers how. */
export async function failure(work: Promise<unknown>): Promise<NetworkError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof NetworkError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'the exchange did not fail' });
}
