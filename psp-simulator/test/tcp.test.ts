/** The simulator over real sockets and the real clock: the same wire, the same endings. */
import assert from 'node:assert/strict';
import {
  createHistoryWriter,
  createKeyedIds,
  createKeyedRandom,
  createPassiveActivity,
  createRealClock,
  createTcpNetwork,
  NetworkError,
} from '../../kernel/index.ts';
import type { HttpResponse, Network } from '../../kernel/index.ts';
import { createSimulator } from '../index.ts';
import type { PspConfig, Simulator } from '../index.ts';

const FAST = {
  latency: { kind: 'fixed', ms: 0 },
  firstDelivery: { kind: 'fixed', ms: 0 },
  payoutSettlement: { kind: 'fixed', ms: 0 },
} as const;

describe('the simulator over TCP', () => {
  let network: Network;
  let simulator: Simulator | undefined;
  const clock = createRealClock();
  beforeEach(() => {
    network = createTcpNetwork({ clock });
  });
  afterEach(async () => {
    await simulator?.close();
    simulator = undefined;
    await network.close();
  });

  async function open(psps: PspConfig[]): Promise<Simulator> {
    const ports = {
      clock,
      wireClock: clock,
      random: createKeyedRandom('tcp'),
      ids: createKeyedIds('tcp'),
      network,
      history: createHistoryWriter({ clock }),
      activity: createPassiveActivity(),
    };
    simulator = await createSimulator({ ports, psps });
    return simulator;
  }

  function pay(url: string, key: string, timeoutMs = 5_000): Promise<HttpResponse> {
    const headers = {
      authorization: 'Bearer sk_acme_acme',
      'content-type': 'application/json',
      'idempotency-key': key,
    };
    const body = JSON.stringify({ amount: '5.00', currency: 'EUR', reference: 'order-1' });
    return network.request({ method: 'POST', url: `${url}/payments`, headers, body, timeoutMs });
  }

  async function plan(faults: unknown[]): Promise<void> {
    const url = `${simulator?.control.url}/v1/faults`;
    const answer = await network.request({
      method: 'PUT',
      url,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ faults }),
      timeoutMs: 5_000,
    });
    assert.equal(answer.status, 200);
  }

  async function kindOf(work: Promise<unknown>): Promise<string> {
    return work.then(
      () => 'answered',
      (error: unknown) => (error instanceof NetworkError ? error.kind : String(error)),
    );
  }

  it('pays and delivers the webhook to a real listener', async () => {
    let arrived = (_body: string): void => undefined;
    const webhook = new Promise<string>((resolve) => (arrived = resolve));
    const merchant = await network.listen({
      name: 'merchant',
      listener: (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          response.end();
          arrived(Buffer.concat(chunks).toString());
        });
      },
    });
    const { psps } = await open([{ name: 'acme', dialect: 'acme', webhookUrl: `${merchant.url}/hook`, profile: FAST }]);
    const answer = await pay(psps[0]?.url ?? '', 'k');
    assert.equal(answer.status, 201);
    assert.equal((JSON.parse(await webhook) as { status: string }).status, 'captured');
    await merchant.close(0);
  });

  it('loses, truncates and withholds answers as the client of a real PSP sees it', async () => {
    const { psps } = await open([{ name: 'acme', dialect: 'acme', profile: FAST }]);
    const url = psps[0]?.url ?? '';
    const endings: readonly (readonly [string, string])[] = [
      ['answer-lost', 'reset'],
      ['reset-before-commit', 'reset'],
      ['truncated', 'truncated'],
      ['hang', 'timeout'],
    ];
    for (const [fault, seen] of endings) {
      await plan([{ fault, operation: 'create-payment', count: 1 }]);
      assert.equal(await kindOf(pay(url, fault, 300)), seen, fault);
      const again = await pay(url, fault);
      assert.equal(again.headers['idempotent-replayed'], fault === 'reset-before-commit' ? undefined : 'true', fault);
    }
  });

  it('refuses connections during an outage and comes back under the same address', async () => {
    const { psps } = await open([{ name: 'acme', dialect: 'acme', profile: FAST }]);
    const url = psps[0]?.url ?? '';
    await plan([{ fault: 'outage', with: { as: 'refused' } }]);
    assert.equal(await kindOf(pay(url, 'k')), 'refused');
    await plan([]);
    assert.equal((await pay(url, 'k')).status, 201);
  });

  it('says which port is taken, and leaves nothing listening', async () => {
    const first = await open([{ name: 'acme', dialect: 'acme' }]);
    const port = Number(new URL(first.psps[0]?.url ?? '').port);
    const options = { name: 'other', dialect: 'acme' };
    const freed = await network.listen({ name: 'probe', listener: (_request, response) => response.end() });
    const freePort = Number(new URL(freed.url).port);
    await freed.close(0);
    const attempt = open([
      { ...options, port: freePort },
      { ...options, name: 'third', port },
    ]);
    await assert.rejects(
      attempt,
      (error: unknown) =>
        error instanceof NetworkError && error.kind === 'port-taken' && error.message.includes(String(port)),
    );
    assert.equal(await kindOf(pay(`http://127.0.0.1:${freePort}`, 'k')), 'refused');
    await first.close();
  });
});
