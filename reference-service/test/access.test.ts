/**
 * Who may do what and how often; that a card number gets no further than the door; traces.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createKeyedIds, type HttpRequest, type Network } from '../../kernel/index.ts';
import { digestOfKey } from '../http/api-keys.ts';
import { NO_SPANS } from '../observability/spans.ts';
import { currentTrace, readTraceparent, runInTrace } from '../observability/trace.ts';
import { tracedNetwork } from '../observability/traced-network.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

after(closeSharedDatabase);

const as = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
const DEPOSIT = {
  amount: '50.00',
  currency: 'EUR',
  method: 'card',
  return_url: 'https://casino.example/done',
  player_id: 'player-1',
};

describe('API keys', () => {
  let service: VirtualService;
  before(async () => {
    service = await startVirtualService({
      config: {
        apiKeys: [
          { name: 'cashier', sha256: digestOfKey('cashier-key-one'), scopes: ['payments:write'] },
          { name: 'cashier', sha256: digestOfKey('cashier-key-two'), scopes: ['payments:write', 'payments:read'] },
          { name: 'shop', sha256: digestOfKey('shop-key'), scopes: ['payments:write'] },
        ],
      },
    });
  });
  after(() => service.stop());

  it('allow what their scopes name, and say which one is missing', async () => {
    const made = await service.request('POST', '/v1/payments/init', DEPOSIT, {
      ...as('cashier-key-one'),
      'idempotency-key': 'a',
    });
    assert.equal(made.status, 201);
    const path = `/v1/payments/${String(made.body['payment_id'])}`;
    const refused = await service.request('GET', path, undefined, as('cashier-key-one'));
    assert.equal(refused.status, 403);
    assert.equal(refused.body['error'], 'forbidden');
    assert.deepEqual(refused.body['details'], { scope: 'payments:read' });
    assert.equal((await service.request('GET', path, undefined, as('cashier-key-two'))).status, 200);
    const unknown = await service.request('GET', path, undefined, as('cashier-key-six'));
    assert.deepEqual([unknown.status, unknown.headers['www-authenticate']], [401, 'Bearer']);
  });

  it('keep idempotency keys of two names apart, and those of one name together', async () => {
    const send = (key: string) =>
      service.request('POST', '/v1/payments/init', DEPOSIT, { ...as(key), 'idempotency-key': 'b' });
    const [first, rotated, other] = [
      await send('cashier-key-one'),
      await send('cashier-key-two'),
      await send('shop-key'),
    ];
    assert.equal(rotated.headers['idempotent-replayed'], 'true');
    assert.equal(rotated.body['payment_id'], first.body['payment_id']);
    assert.notEqual(other.body['payment_id'], first.body['payment_id']);
  });
});

describe('rate limits', () => {
  let service: VirtualService;
  before(async () => {
    service = await startVirtualService({
      config: { limits: { perKey: 60, perPlayer: 3, webhooksPerPsp: 2 } },
    });
  });
  after(() => service.stop());

  it('are told with every answer, and refuse with 429 until a place is free', async () => {
    const wallet = () => service.request('GET', '/v1/wallets/player-7');
    const first = await wallet();
    assert.equal(first.headers['ratelimit-policy'], '"key";q=60;w=60, "player";q=3;w=60');
    assert.equal(first.headers['ratelimit'], '"key";r=59;t=1, "player";r=2;t=20');
    await wallet();
    await wallet();
    const refused = await wallet();
    assert.equal(refused.status, 429);
    assert.deepEqual(refused.body['details'], { limit: 'player', per_minute: 3 });
    assert.equal(refused.headers['retry-after'], '20');
    assert.match(refused.headers['ratelimit'] ?? '', /"player";r=0;t=60/);
    assert.equal((await service.request('GET', '/v1/wallets/player-8')).status, 200);
    await service.pass(20_000);
    assert.equal((await wallet()).status, 200);
  });

  it('hold back a PSP that floods us with webhooks', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 3; turn += 1)
      statuses.push((await service.request('POST', '/v1/payments/webhook/alpha', [], { authorization: '' })).status);
    assert.equal(statuses.at(-1), 429, String(statuses));
  });
});

describe('a card number', () => {
  let service: VirtualService;
  before(async () => {
    service = await startVirtualService();
  });
  after(() => service.stop());

  it('is refused wherever it stands, and reaches neither log nor database', async () => {
    const pan = '4111111111111111';
    const places = [
      (text: string) => service.deposit({ player_id: text }),
      (text: string) => service.deposit({ payment_token: text }),
      (text: string) => service.deposit({ [text]: 'x' }),
      (text: string) => service.deposit({ meta: { bank: text } }),
      (text: string) => service.deposit({}, text),
      (text: string) => service.request('GET', `/v1/wallets/${encodeURIComponent(text)}`),
      (text: string) => service.request('GET', `/v1/cases?status=${encodeURIComponent(text)}`),
      (text: string) => service.request('GET', `/nowhere/${encodeURIComponent(text)}`),
      (text: string) => service.request('POST', '/v1/payments/webhook/alpha', { note: text }),
      (text: string) =>
        service.request('POST', '/v1/payments/init', JSON.stringify({ a: text }).replace('4', '\\u0034'), {
          'idempotency-key': 'c',
        }),
    ];
    const around = fc.string({ unit: fc.constantFrom(...'abcxyz_:'), maxLength: 6 });
    const grouped = fc.constantFrom(pan, '4111 1111 1111 1111', '4111-1111-1111-1111', '4111.1111.1111.1111');
    const samples = fc.sample(fc.tuple(around, grouped, around, fc.nat(places.length - 1)), { numRuns: 60, seed: 7 });
    for (const [before, number, behind, place] of samples) {
      const answer = await places[place]?.(`${before}${number}${behind}`);
      assert.equal(answer?.body['error'], 'card_number_refused', `${place}: ${JSON.stringify(answer?.body)}`);
      assert.ok(!JSON.stringify(answer?.body).includes('1111'));
    }
    // As a number too, not only as text.
    assert.equal((await service.deposit({ amount: Number(pan) })).body['error'], 'card_number_refused');
    assert.ok(!JSON.stringify(service.log).includes('1111'));
    const { rows } = await service.knex.raw<{ rows: { name: string }[] }>(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    );
    for (const { name } of rows) {
      const found = await service.knex.raw<{ rows: unknown[] }>(
        `select 1 from "${name}" t where t::text like '%1111%1111%1111%'`,
      );
      assert.equal(found.rows.length, 0, name);
    }
  });
});

describe('the door', () => {
  let service: VirtualService;
  before(async () => {
    service = await startVirtualService();
  });
  after(() => service.stop());

  it('names the methods of a path, and sends the headers that browsers obey', async () => {
    const refused = await service.request('DELETE', '/v1/payments/pay_1');
    assert.equal(refused.headers['allow'], 'GET, HEAD, OPTIONS');
    assert.match(refused.headers['content-security-policy'] ?? '', /default-src 'none'/);
    assert.equal(refused.headers['x-content-type-options'], 'nosniff');
    assert.equal(refused.headers['x-powered-by'], undefined);
  });

  it('refuses JSON that is nested to break a parser', async () => {
    const deep = await service.request('POST', '/v1/payments/init', `${'['.repeat(5_000)}${']'.repeat(5_000)}`, {
      'idempotency-key': 'deep',
    });
    assert.equal(deep.status, 400);
  });

  it('keeps the trace of a caller in log and payment, and writes one line per request', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const refused = await service.request('GET', '/v1/payments/pay_none', undefined, {
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    });
    assert.equal(refused.body['trace_id'], traceId);
    const lines = service.log.filter((line) => line['trace_id'] === traceId);
    assert.deepEqual(
      lines.map(({ msg, operation, status, error, caller }) => ({ msg, operation, status, error, caller })),
      [{ msg: 'request', operation: 'getPayment', status: 404, error: 'not_found', caller: 'platform' }],
    );
    const before = service.log.length;
    await service.request('GET', '/health/live');
    assert.equal(service.log.length, before);
  });
});

describe('the trace of outgoing calls', () => {
  it('is that of the running work, under a span of its own, and changes nothing else', async () => {
    const sent: HttpRequest[] = [];
    const inner = {
      kind: 'memory',
      request: (request: HttpRequest) => {
        sent.push(request);
        return Promise.resolve({ status: 200, headers: {}, body: Buffer.alloc(0) });
      },
    } as unknown as Network;
    const network = tracedNetwork(inner, { ids: createKeyedIds('trace'), spans: NO_SPANS });
    const request = { method: 'POST', url: 'http://psp/payments', headers: { a: 'b' }, body: 'x', timeoutMs: 5 };
    await network.request(request);
    const trace = readTraceparent('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00');
    assert.ok(trace);
    await runInTrace(trace, async () => {
      await network.request(request);
      await network.request(request);
    });
    assert.equal(currentTrace(), undefined);
    assert.deepEqual(sent[0], request);
    const { headers, ...rest } = sent[1] as HttpRequest;
    assert.deepEqual({ ...rest, headers: { a: headers?.['a'] } }, request);
    assert.match(headers?.['traceparent'] ?? '', /^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00$/);
    assert.notEqual(headers?.['traceparent'], sent[2]?.headers?.['traceparent']);
  });

  it('is not believed when it is none', () => {
    for (const wrong of [
      '',
      '00-0-0-00',
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
      'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    ])
      assert.equal(readTraceparent(wrong), null);
  });
});
