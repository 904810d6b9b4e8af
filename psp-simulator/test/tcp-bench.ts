/** A simulator over real sockets and the real clock, with a merchant that records its webhooks. */
import assert from 'node:assert/strict';
import {
  createHistoryWriter,
  createKeyedRandom,
  createPassiveActivity,
  createRandomIds,
  createRealClock,
  createTcpNetwork,
} from '../../kernel/index.ts';
import { createSimulator } from '../index.ts';
import type { SimulatorOptions } from '../index.ts';

/** What has not happened by then never will. */
const DEADLINE_MS = 10_000;

const NOTHING = { kind: 'fixed', ms: 0 } as const;
const ACME = {
  name: 'acme',
  dialect: 'acme',
  profile: { latency: NOTHING, firstDelivery: NOTHING },
} as const;

export interface Received {
  path: string;
  body: Record<string, unknown>;
}

export type TcpBench = Awaited<ReturnType<typeof openTcpBench>>;

export async function openTcpBench(options: Partial<SimulatorOptions> = {}) {
  const clock = createRealClock();
  const network = createTcpNetwork({ clock });
  const received: Received[] = [];
  const state = { status: 200 };
  let told = (): void => undefined;
  const merchant = await network.listen({
    name: 'merchant',
    listener: (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Received['body'];
        received.push({ path: request.url ?? '', body });
        response.writeHead(state.status).end();
        told();
      });
    },
  });
  const simulator = await createSimulator({
    ports: {
      clock,
      wireClock: clock,
      random: createKeyedRandom('tcp'),
      ids: createRandomIds(),
      network,
      history: createHistoryWriter({ clock }),
      activity: createPassiveActivity(),
    },
    psps: [{ ...ACME, webhookUrl: `${merchant.url}/default/acme` }],
    runs: { most: 3 },
    ...options,
  }).catch(async (error: unknown) => {
    await network.close();
    throw error;
  });

  async function send(url: string, request: { method: string; headers?: Record<string, string>; body?: string }) {
    const answer = await network.request({ url, timeoutMs: DEADLINE_MS, ...request });
    const text = answer.body.toString('utf8');
    return { status: answer.status, headers: answer.headers, text };
  }

  /** Asks the control API. */
  function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    return send(`${simulator.control.url}${path}`, { method, headers: { ...type, ...headers }, ...sent });
  }

  /** The same where success is expected. */
  async function ok<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, text } = await ask(method, path, body);
    assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
    return JSON.parse(text) as T;
  }

  async function payIn(run: string, { key, reference }: { key: string; reference: string }) {
    const { url } = await ok<{ url: string }>('GET', `/v1/runs/${run}/psps/acme`);
    const answer = await send(`${url}/payments`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_acme_acme', 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ amount: '5.00', currency: 'EUR', reference, method: 'card' }),
    });
    assert.equal(answer.status, 201, answer.text);
  }

  /** Resolves when a webhook made it true. */
  async function until(condition: () => boolean): Promise<void> {
    const deadline = clock.now() + DEADLINE_MS;
    while (!condition()) {
      assert.ok(clock.now() < deadline, `after ${received.length} webhooks nothing more came`);
      const timer = new AbortController();
      const late = clock.sleep(DEADLINE_MS, { signal: timer.signal }).catch(() => undefined);
      await Promise.race([new Promise<void>((resolve) => (told = resolve)), late]);
      timer.abort();
    }
  }

  return {
    simulator,
    network,
    received,
    merchantUrl: merchant.url,
    acme: ACME,
    send,
    ask,
    ok,
    payIn,
    until,
    set status(status: number) {
      state.status = status;
    },
    close: async () => {
      await simulator.close();
      await network.close();
    },
  };
}
