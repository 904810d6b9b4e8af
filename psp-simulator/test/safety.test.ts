/** Goal: a simulator does no harm where others could reach it, or be reached by it. Method: real sockets, and what an attacker or a mistake would send. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { UserError } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/simulator-control.ts';
import { APPROVED } from '../core/records.ts';
import { openRun } from '../engine/run.ts';
import { openBench } from './bench.ts';
import { openTcpBench } from './tcp-bench.ts';
import type { TcpBench } from './tcp-bench.ts';

const TOKEN = 'a-long-enough-secret';

describe('who may steer the simulator', () => {
  let bench: TcpBench | undefined;
  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  it('is asked for a token outside loopback before anything listens there', async () => {
    for (const control of [
      { host: '0.0.0.0' },
      { host: '::' },
      { host: '192.168.1.7' },
      { token: '' },
      { token: 'short' },
    ])
      await assert.rejects(openTcpBench({ control }), UserError, JSON.stringify(control));
  });

  it('needs the token for everything but health', async () => {
    bench = await openTcpBench({ control: { token: TOKEN } });
    assert.equal((await bench.ask('GET', '/v1/health')).status, 200);
    for (const authorization of [undefined, '', TOKEN, `Bearer ${TOKEN}x`, 'Bearer ', `Basic ${TOKEN}`]) {
      const headers = authorization === undefined ? {} : { authorization };
      for (const [method, path] of [
        ['GET', '/v1/psps'],
        ['POST', '/v1/reset'],
        ['GET', '/v1/runs/default/psps'],
        ['GET', '/nowhere'],
      ] as const) {
        const refused = await bench.ask(method, path, undefined, headers);
        assert.equal(refused.status, 401, `${path} with ${String(authorization)}`);
        assert.equal(refused.headers['www-authenticate'], 'Bearer');
        const { message } = JSON.parse(refused.text) as { message: string };
        assert.match(message, /^This control API asks for its token: send it as "Authorization: Bearer <token>"$/);
      }
    }
    const headers = { authorization: `Bearer ${TOKEN}` };
    assert.equal((await bench.ask('GET', '/v1/psps', undefined, headers)).status, 200);
  });

  it('is no web page of another origin', async () => {
    bench = await openTcpBench();
    const { host } = new URL(bench.simulator.control.url);
    const from = (origin: string) => bench?.ask('POST', '/v1/reset', undefined, { origin });
    assert.equal((await from('https://evil.test'))?.status, 403);
    assert.equal((await from('null'))?.status, 403);
    assert.equal((await from(`http://${host}`))?.status, 204);
  });
});

describe('where webhooks may go', () => {
  let bench: TcpBench;
  afterEach(() => bench.close());

  it('is checked when it is configured', async () => {
    await assert.rejects(
      openTcpBench({ psps: [{ name: 'acme', dialect: 'acme', webhookUrl: 'https://shop.example.com/hook' }] }),
      /PSP "acme": webhooks may not go to shop\.example\.com/,
    );
    bench = await openTcpBench();
    const patched = await bench.ask('PATCH', '/v1/psps/acme', { webhook_url: 'http://169.254.169.254/latest' });
    assert.equal(patched.status, 422);
    assert.match(patched.text, /webhooks may not go to 169\.254\.169\.254/);
    const run = await bench.ask('POST', '/v1/runs', { webhook_url: 'http://10.0.0.7/{psp}' });
    assert.equal(run.status, 422);
  });

  it('takes what the list names', async () => {
    bench = await openTcpBench({ webhookTargets: ['*.example.com', '10.0.0.0/8'] });
    for (const url of ['https://shop.example.com/hook', 'http://10.9.9.9:8080/hook'])
      await bench.ok('PATCH', '/v1/psps/acme', { webhook_url: url });
    assert.equal((await bench.ask('PATCH', '/v1/psps/acme', { webhook_url: 'http://11.0.0.1/' })).status, 422);
  });
});

describe('a target that is no longer allowed', () => {
  it('is noticed at the delivery: nothing is sent, and the log says why', async () => {
    const bench = await openBench();
    const allowed = { yes: true };
    const targets = { problem: () => (allowed.yes ? undefined : 'webhooks may not go to merchant') };
    const psps = [{ name: 'acme', dialect: 'acme', webhookUrl: 'http://merchant/hook' }];
    const run = await openRun({ id: 'x', ports: bench.ports, psps, webhookTargets: targets, namePrefix: 'x--' });
    allowed.yes = false;
    const [psp] = run.psps;
    assert.ok(psp);
    const wish = { reference: 'order-1', amountMinor: 500, currency: 'EUR', captureMode: 'automatic' } as const;
    const { samples } = psp.dialect;
    psp.during(undefined, () => psp.bank.createPayment({ ...samples.payment(psp.context, wish), outcome: APPROVED }));
    await bench.rest();
    assert.equal(bench.merchant.received.length, 0);
    assert.deepEqual(
      psp.courier.deliveries({}).map(({ outcome, problem }) => [outcome, problem]),
      [['not-allowed', 'webhooks may not go to merchant']],
    );
    const [dropped] = bench.events('webhook', 'drop');
    assert.equal((dropped?.value as { reason: string }).reason, 'target-not-allowed');
    await run.close();
    await bench.close();
  });
});

describe('limits', () => {
  let bench: TcpBench;
  beforeEach(async () => {
    bench = await openTcpBench();
  });
  afterEach(() => bench.close());

  const pay = (headers: Record<string, string>, body = '{}') =>
    bench.send(`${bench.simulator.psps[0]?.url}/payments`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_acme_acme', 'content-type': 'application/json', ...headers },
      body,
    });

  it('hold for the body, in the format of the PSP', async () => {
    const refused = await pay({ 'idempotency-key': 'k' }, JSON.stringify({ note: 'x'.repeat(1_100_000) }));
    assert.equal(refused.status, 413);
    assert.match((JSON.parse(refused.text) as { message: string }).message, /at most 1048576 are taken/);
  });

  it('hold for the number and the size of headers', async () => {
    const many = Object.fromEntries(Array.from({ length: 160 }, (_, index) => [`x-${index}`, 'y']));
    const refused = await pay({ 'idempotency-key': 'k', ...many });
    assert.match((JSON.parse(refused.text) as { message: string }).message, /at most 150 of 12288 bytes are taken/);
    assert.ok([413, 431].includes(refused.status), String(refused.status));
    const large = await pay({ 'idempotency-key': 'k', 'x-large': 'y'.repeat(13_000) });
    assert.match(large.text, /at most 150 of 12288 bytes are taken/);
  });

  it('hold for a body of the control API', async () => {
    const huge = await bench.ask('PUT', '/v1/faults', { faults: ['x'.repeat(2_200_000)] });
    assert.equal(huge.status, 413);
  });

  it('hold for what is no HTTP at all', async () => {
    const { port } = new URL(bench.simulator.psps[0]?.url ?? '');
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('HELO simulator\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.equal((await bench.ok<Api.Psp>('GET', '/v1/psps/acme')).counts.exchanges, 0);
  });
});
