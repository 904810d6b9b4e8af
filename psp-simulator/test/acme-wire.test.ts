/** acme's wire: every answer and webhook fits `openapi/psp-acme.yaml`; keys, limits and errors. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { acmeClient, HOUR_MS, openBench, toAnswer } from './bench.ts';
import type { Answer, Bench } from './bench.ts';
import { openApiCheck } from './openapi-check.ts';

describe('acme on the wire', () => {
  const check = openApiCheck('psp-acme.yaml');
  const covered = new Set<string>();
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  function expect(operation: string, status: number, answer: Answer): Answer['json'] {
    const [method = '', path = ''] = operation.split(' ');
    assert.equal(answer.status, status, JSON.stringify(answer.json));
    check.answer(method, path, status, answer.json);
    covered.add(operation);
    return answer.json;
  }

  it('answers as described, from payment to payout', async () => {
    const acme = acmeClient(bench);
    const paid = expect('POST /payments', 201, await acme.pay('order-1', { amount: '12.5' }));
    assert.equal(paid['amount'], '12.50');
    expect('POST /payments', 201, await acme.pay('order-2', { token: 'tok_3ds', return_url: 'http://shop/' }));
    expect('POST /payments', 201, await acme.pay('order-3', { token: 'tok_declined' }));
    const held = expect('POST /payments', 201, await acme.pay('order-4', { capture: false }));
    expect('GET /payments/{id}', 200, await acme.get(`/payments/${String(paid['payment_id'])}`));
    expect('GET /payments', 200, await acme.get('/payments?reference=order-1'));
    expect(
      'POST /payments/{id}/capture',
      200,
      await acme.post(`/payments/${String(held['payment_id'])}/capture`, { amount: '1.00' }),
    );
    const other = await acme.pay('order-5', { capture: false });
    expect('POST /payments/{id}/void', 200, await acme.post(`/payments/${String(other.json['payment_id'])}/void`, {}));
    const refund = expect(
      'POST /payments/{id}/refunds',
      201,
      await acme.post(`/payments/${String(paid['payment_id'])}/refunds`, { amount: '1.00', reference: 'r1' }),
    );
    expect('GET /refunds/{id}', 200, await acme.get(`/refunds/${String(refund['refund_id'])}`));
    const payout = expect(
      'POST /payouts',
      201,
      await acme.post('/payouts', {
        amount: '1.00',
        currency: 'EUR',
        reference: 'out-1',
        destination: 'tok_payout_fail',
      }),
    );
    await bench.rest();
    assert.equal(
      expect('GET /payouts/{id}', 200, await acme.get(`/payouts/${String(payout['payout_id'])}`))['failure_code'],
      'account_closed',
    );
    expect('GET /payouts', 200, await acme.get('/payouts?reference=out-1'));
    expect('GET /payments/{id}/refunds', 200, await acme.get(`/payments/${String(paid['payment_id'])}/refunds`));
    for (const method of ['ewallet', 'voucher', 'p2p', 'apple_pay'])
      expect('POST /payments', 201, await acme.pay(`by-${method}`, { method, return_url: 'http://shop/' }));
    await readsBesidePayments(acme);
    assert.deepEqual(
      check.operations().filter((operation) => !covered.has(operation)),
      [],
    );
    assert.ok(bench.merchant.received.length >= 8);
    const service = openApiCheck('payments.yaml');
    for (const { body } of bench.merchant.received) {
      const event = JSON.parse(body) as { type: string };
      check.schema('WebhookEvent', event);
      // What the service says that it reads of acme.
      if (event.type !== 'dispute') service.schema('AcmeEvent', event);
    }
  });

  async function readsBesidePayments(acme: ReturnType<typeof acmeClient>): Promise<void> {
    const kept = { token: 'tok_ok', customer: 'player-1' };
    const method = expect('POST /payment-methods', 201, await acme.post('/payment-methods', kept));
    const path = `/payment-methods/${String(method['method_token'])}`;
    expect('GET /payment-methods', 200, await acme.get('/payment-methods?customer=player-1'));
    expect('GET /payment-methods/{id}', 200, await acme.get(path));
    const { url, credentials } = bench.psp();
    const headers = { authorization: `Bearer ${credentials['apiKey']}` };
    const gone = toAnswer(await bench.exchange(`${url}${path}`, { method: 'DELETE', headers }));
    expect('DELETE /payment-methods/{id}', 204, gone);

    for (const reference of ['disputed-1', 'disputed-2']) await acme.pay(reference, { token: 'tok_disputed' });
    let disputes: Record<string, unknown>[] = [];
    while (disputes.length < 2) {
      await bench.pass(24 * HOUR_MS);
      disputes = expect('GET /disputes', 200, await acme.get('/disputes'))['data'] as Record<string, unknown>[];
      for (const { dispute_id: id, status, reference } of disputes) {
        if (status !== 'open') continue;
        const evidence = reference === 'disputed-1';
        const operation = `POST /disputes/{id}/${evidence ? 'evidence' : 'accept'}`;
        const sent = await acme.post(`/disputes/${String(id)}/${evidence ? 'evidence' : 'accept'}`, { text: 'No.' });
        expect(operation, 200, sent);
        expect('GET /disputes/{id}', 200, await acme.get(`/disputes/${String(id)}`));
      }
    }

    await acme.pay('not-settled-yet');
    expect('GET /settlements/open', 200, await acme.get('/settlements/open'));
    const [batch] = expect('GET /settlements', 200, await acme.get('/settlements'))['data'] as {
      settlement_id: string;
    }[];
    expect('GET /settlements/{id}', 200, await acme.get(`/settlements/${batch?.settlement_id}`));
    const file = await bench.exchange(`${url}/settlements/${batch?.settlement_id}/file`, { headers });
    assert.match(file.headers['content-type'] ?? '', /^text\/csv/);
    assert.match(file.body.toString('utf8'), /^settlement_id,/);
    covered.add('GET /settlements/{id}/file');
  }

  it('counts decimals as the currency does', async () => {
    const acme = acmeClient(bench);
    assert.equal((await acme.pay('jpy', { amount: '50', currency: 'JPY' })).json['amount'], '50');
    assert.equal((await acme.pay('kwd', { amount: '1.5', currency: 'KWD' })).json['amount'], '1.500');
    expect('POST /payments', 422, await acme.pay('jpy-2', { amount: '50.00', currency: 'JPY' }));
    const books = (await bench.control('GET', '/psps/acme/books')).json['payments'] as { amount_minor: number }[];
    assert.deepEqual(
      books.map(({ amount_minor: minor }) => minor),
      [50, 1_500],
    );
  });

  const invalid: readonly (readonly [string, Record<string, unknown>])[] = [
    ['a number as amount', { amount: 50 }],
    ['a negative amount', { amount: '-5.00' }],
    ['no money', { amount: '0.00' }],
    ['a small-letter currency', { currency: 'eur' }],
    ['an unknown token', { token: 'tok_typo' }],
    ['a challenge without return_url', { token: 'tok_3ds' }],
    ['a script as return_url', { token: 'tok_3ds', return_url: 'javascript:alert(1)' }],
    ['an empty reference', { reference: '' }],
    ['another method', { method: 'bank' }],
  ];
  for (const [what, fields] of invalid) {
    it(`refuses ${what} with 422 and changes nothing`, async () => {
      assert.equal(
        expect('POST /payments', 422, await acmeClient(bench).pay('order-1', fields))['code'],
        'validation_failed',
      );
      assert.deepEqual((await bench.control('GET', '/psps/acme/books')).json['payments'], []);
    });
  }

  it('replays an answer for 24 hours and treats the key as new afterwards', async () => {
    const acme = acmeClient(bench);
    const first = await acme.pay('order-1', {}, { key: 'k' });
    await bench.pass(23 * HOUR_MS);
    const again = await acme.pay('order-1', {}, { key: 'k' });
    assert.deepEqual([again.headers['idempotent-replayed'], again.json], ['true', first.json]);
    await bench.pass(HOUR_MS);
    const anew = await acme.pay('order-1', {}, { key: 'k' });
    assert.notEqual(anew.json['payment_id'], first.json['payment_id']);
  });

  it('replays a refusal too, and refuses another body under the key', async () => {
    const acme = acmeClient(bench);
    await acme.pay('order-1', { token: 'tok_typo' }, { key: 'k' });
    assert.equal(
      (await acme.pay('order-1', { token: 'tok_typo' }, { key: 'k' })).headers['idempotent-replayed'],
      'true',
    );
    assert.equal(
      expect('POST /payments', 422, await acme.pay('order-1', {}, { key: 'k' }))['code'],
      'idempotency_mismatch',
    );
  });

  it('answers 409 to the same key while the first call is under way', async () => {
    const { url, credentials } = bench.psp();
    const request = {
      method: 'POST',
      url: `${url}/payments`,
      timeoutMs: 30_000,
      headers: { authorization: `Bearer ${credentials['apiKey']}`, 'idempotency-key': 'k' },
      body: JSON.stringify({ amount: '5.00', currency: 'EUR', reference: 'order-1' }),
    };
    const answers = await bench.during(() =>
      Promise.all([bench.network.request(request), bench.network.request(request)]),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
    const conflict = answers.map(toAnswer).find(({ status }) => status === 409);
    assert.equal(conflict?.json['code'], 'in_flight');
  });

  it('wants an API key, an idempotency key, JSON, a known route and at most a megabyte', async () => {
    const { url, credentials } = bench.psp();
    const authorization = `Bearer ${credentials['apiKey']}`;
    const call = async (
      path: string,
      request: { method: string; headers?: Record<string, string>; body?: string },
    ): Promise<Answer> => {
      const answer = toAnswer(await bench.exchange(`${url}${path}`, request));
      check.schema('Error', answer.json);
      return answer;
    };
    const code = ({ status, json }: Answer): unknown[] => [status, json['code']];
    assert.deepEqual(code(await call('/payments', { method: 'POST', body: '{}' })), [401, 'unauthorized']);
    assert.deepEqual(
      code(await call('/payments', { method: 'POST', body: '{}', headers: { authorization: 'Bearer sk_acme_other' } })),
      [401, 'unauthorized'],
    );
    assert.deepEqual(code(await call('/payments', { method: 'POST', body: '{}', headers: { authorization } })), [
      400,
      'bad_request',
    ]);
    assert.deepEqual(
      code(await call('/payments', { method: 'POST', body: '{', headers: { authorization, 'idempotency-key': 'a' } })),
      [400, 'bad_request'],
    );
    assert.deepEqual(
      code(await call('/payments', { method: 'POST', body: '[]', headers: { authorization, 'idempotency-key': 'a' } })),
      [400, 'bad_request'],
    );
    assert.deepEqual(code(await call('/cards', { method: 'GET', headers: { authorization } })), [404, 'not_found']);
    assert.deepEqual(
      code(await call('/payments', { method: 'POST', body: 'x'.repeat(1_048_577), headers: { authorization } })),
      [413, 'bad_request'],
    );
    const unsupported = bench
      .events('exchange', 'recv')
      .filter((event) => (event.value as { operation: string }).operation === 'unsupported');
    assert.equal(unsupported.length, 1);
  });

  it('hides what is younger than the visibility lag', async () => {
    await bench.control('PATCH', '/psps/acme', { profile: { visibilityLagMs: 20_000 } });
    const acme = acmeClient(bench);
    const { json } = await acme.pay('order-1');
    assert.deepEqual(await acme.payment('order-1'), []);
    expect('GET /payments/{id}', 404, await acme.get(`/payments/${String(json['payment_id'])}`));
    await bench.pass(20_000);
    assert.equal((await acme.payment('order-1')).length, 1);
  });

  it('answers nonsense in its own format and never breaks', async () => {
    const acme = acmeClient(bench);
    const path = fc.constantFrom(
      '/payments',
      '/payouts',
      '/payment-methods',
      '/payments/none/capture',
      '/payments/none/refunds',
      '/disputes/none/evidence',
      '/%',
    );
    const key = fc.constantFrom(
      'amount',
      'currency',
      'reference',
      'method',
      'token',
      'capture',
      'three_ds',
      '__proto__',
    );
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('5.00', 'EUR', 'card', 'ewallet', 'tok_ok', 'force'),
    );
    const body = fc.dictionary(key, value, { maxKeys: 8 });
    await fc.assert(
      fc.asyncProperty(path, body, async (sent, nonsense) => {
        const { status, json } = await acme.post(sent, nonsense);
        assert.ok(status < 500, JSON.stringify(json));
        if (status >= 400) check.schema('Error', json);
      }),
      { numRuns: 200 },
    );
    assert.deepEqual(bench.events('simulator-defect'), []);
  });
});
