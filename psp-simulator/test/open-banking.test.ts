/** Flows of a merchant with open-banking over memory sockets and virtual time: what the conformance suite does not ask. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { detachedJws, merchantKeys } from '../dialects/open-banking/signature.ts';
import { HOUR_MS, MINUTE_MS, openBench, toAnswer } from './bench.ts';
import type { Answer, Bench } from './bench.ts';

type Json = Record<string, unknown>;

const BANK = 'mock-payments-gb-redirect';
const RETURN = { redirect: { return_uri: 'https://shop.example.com/return' } };

describe('open-banking', () => {
  let bench: Bench;
  let keys = 0;
  beforeEach(async () => {
    bench = await openBench({ psps: [{ name: 'open-banking', dialect: 'open-banking' }] });
  });
  afterEach(() => bench.close());

  /** Signed with ES256, which the conformance probe does not use. */
  async function post(path: string, body: unknown, token?: string): Promise<Answer> {
    const { url, credentials } = bench.psp();
    const [, key] = merchantKeys(credentials['clientId'] ?? '');
    assert.ok(key);
    keys += 1;
    const text = JSON.stringify(body);
    const headers = [['Idempotency-Key', `key-${keys}`] as const];
    return toAnswer(
      await bench.exchange(`${url}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token ?? credentials['accessToken'] ?? ''}`,
          'idempotency-key': `key-${keys}`,
          'tl-signature': detachedJws({ method: 'POST', path, headers, body: text }, key),
        },
        body: text,
      }),
    );
  }

  async function get(path: string): Promise<Json> {
    const { url, credentials } = bench.psp();
    const headers = { authorization: `Bearer ${credentials['accessToken'] ?? ''}` };
    return toAnswer(await bench.exchange(`${url}${path}`, { headers })).json;
  }

  function payment(more: Json = {}, selection: Json = { type: 'preselected', provider_id: BANK }): Json {
    const account = bench.psp().credentials['merchantAccountGbp'];
    return {
      amount_in_minor: 1_250,
      currency: 'GBP',
      payment_method: {
        type: 'bank_transfer',
        provider_selection: selection,
        beneficiary: { type: 'merchant_account', merchant_account_id: account },
      },
      user: { id: 'player-1' },
      metadata: { reference: 'order-1' },
      ...more,
    };
  }

  const next = ({ json }: Answer): Json => ((json['authorization_flow'] as Json)['actions'] as Json)['next'] as Json;
  const act = (page: Json, action: string) =>
    bench.exchange(String(page['uri']), { method: 'POST', body: `action=${action}` });
  const told = (): Json[] => bench.merchant.received.map(({ body }) => JSON.parse(body) as Json);

  async function create(body: Json): Promise<string> {
    const { status, json } = await post('/v3/payments', body);
    assert.equal(status, 201, JSON.stringify(json));
    return `/v3/payments/${String(json['id'])}`;
  }

  it('leads the payer over the choice of a bank and his consent to the page of his bank', async () => {
    const path = await create(payment({}, { type: 'user_selected' }));
    assert.equal((await get(path))['status'], 'authorization_required');
    const flow = `${path}/authorization-flow`;
    const choice = next(await post(flow, { ...RETURN, provider_selection: {}, consent: {} }));
    assert.equal(choice['type'], 'provider_selection');
    assert.equal((await get(path))['status'], 'authorizing');
    assert.equal((await post(`${flow}/actions/consent`, {})).json['title'], 'Invalid State');
    const consent = next(await post(`${flow}/actions/provider-selection`, { provider_id: BANK }));
    assert.equal(consent['type'], 'consent');
    const redirect = next(await post(`${flow}/actions/consent`, {}));
    assert.equal(redirect['type'], 'redirect');
    const back = await act(redirect, 'approve');
    assert.equal(back.headers['location'], `https://shop.example.com/return?payment_id=${path.slice(13)}`);
    const settled = await get(path);
    assert.equal(settled['status'], 'settled');
    assert.ok(settled['executed_at'] !== undefined && settled['payment_source'] !== undefined);
    await bench.pass(MINUTE_MS);
    assert.deepEqual(
      told()
        .map(({ type, payment_id: id }) => [type, id])
        .sort(),
      [
        ['payment_executed', path.slice(13)],
        ['payment_settled', path.slice(13)],
      ],
    );
  });

  for (const [provider, reason, stage] of [
    ['rejected', 'provider_rejected', 'authorized'],
    ['insufficient-funds', 'insufficient_funds', 'authorized'],
    ['limit-exceeded', 'payment_limit_exceeded', 'authorized'],
    ['blocked', 'blocked', 'authorized'],
    ['error', 'provider_error', 'authorized'],
  ] as const) {
    it(`fails at the bank: ${provider}`, async () => {
      const path = await create(payment({}, { type: 'preselected', provider_id: `${BANK}-${provider}` }));
      await act(next(await post(`${path}/authorization-flow`, RETURN)), 'approve');
      const failed = await get(path);
      assert.deepEqual(
        [failed['status'], failed['failure_reason'], failed['failure_stage']],
        ['failed', reason, stage],
      );
    });
  }

  it('fails when the payer refuses at his bank, and runs out when he never comes', async () => {
    const refused = await create(payment());
    await act(next(await post(`${refused}/authorization-flow`, RETURN)), 'fail');
    assert.equal((await get(refused))['failure_reason'], 'authorization_failed');
    const waiting = await create(payment());
    await post(`${waiting}/authorization-flow`, RETURN);
    const unstarted = await create(payment());
    await bench.pass(HOUR_MS);
    for (const [path, stage] of [
      [waiting, 'authorizing'],
      [unstarted, 'authorization_required'],
    ] as const) {
      const expired = await get(path);
      assert.deepEqual([expired['failure_reason'], expired['failure_stage']], ['expired', stage]);
    }
  });

  it('cancels what the payer has not authorized, and nothing else', async () => {
    const path = await create(payment());
    assert.equal((await post(`${path}/actions/cancel`, {})).status, 202);
    assert.equal((await get(path))['failure_reason'], 'canceled');
    const paid = await create(payment());
    await act(next(await post(`${paid}/authorization-flow`, RETURN)), 'approve');
    assert.equal((await post(`${paid}/actions/cancel`, {})).json['title'], 'Invalid State');
  });

  it('executes a payment to an external account without settling it, and refunds none', async () => {
    const beneficiary = { type: 'external_account', account_holder_name: 'A shop', reference: 'order-9' };
    const method = {
      type: 'bank_transfer',
      provider_selection: { type: 'preselected', provider_id: BANK },
      beneficiary,
    };
    const path = await create(payment({ payment_method: method, metadata: {} }));
    await act(next(await post(`${path}/authorization-flow`, RETURN)), 'approve');
    assert.equal((await get(path))['status'], 'executed');
    assert.equal((await post(`${path}/refunds`, { reference: 'r' })).json['title'], 'Invalid State');
    await bench.pass(MINUTE_MS);
    assert.deepEqual(
      told().map(({ type }) => type),
      ['payment_executed'],
    );
  });

  it('tells of an authorization only who asked for it', async () => {
    await bench.close();
    const profile = { webhookEvents: ['*'] };
    bench = await openBench({ psps: [{ name: 'open-banking', dialect: 'open-banking', profile }] });
    const path = await create(payment());
    await act(next(await post(`${path}/authorization-flow`, RETURN)), 'approve');
    await bench.pass(MINUTE_MS);
    assert.ok(told().some(({ type }) => type === 'payment_authorized'));
  });

  it('charges by mandate within its limit until it is revoked', async () => {
    const made = await post('/v3/mandates', {
      mandate: {
        type: 'sweeping',
        provider_selection: { type: 'preselected', provider_id: BANK },
        beneficiary: {
          type: 'merchant_account',
          merchant_account_id: bench.psp().credentials['merchantAccountGbp'],
        },
      },
      currency: 'GBP',
      user: { id: 'player-1' },
      constraints: { maximum_individual_amount: 2_000 },
    });
    const id = String(made.json['id']);
    const pay = (amount: number) =>
      post('/v3/payments', {
        amount_in_minor: amount,
        currency: 'GBP',
        payment_method: { type: 'mandate', mandate_id: id },
      });
    assert.equal((await pay(100)).json['title'], 'Invalid State');
    await post(`/v3/mandates/${id}/authorization-flow`, RETURN);
    assert.equal((await get(`/v3/mandates/${id}`))['status'], 'authorized');
    const paid = await pay(2_000);
    assert.deepEqual([paid.status, paid.json['status']], [201, 'authorized']);
    assert.equal((await pay(2_001)).status, 400);
    assert.equal((await post(`/v3/mandates/${id}/revoke`, {})).status, 204);
    assert.equal((await pay(100)).json['title'], 'Invalid State');
    assert.equal(((await get('/v3/mandates'))['items'] as Json[]).length, 1);
  });

  it('shows balance, transactions and a statement of the merchant account', async () => {
    const path = await create(payment());
    await act(next(await post(`${path}/authorization-flow`, RETURN)), 'approve');
    await post(`${path}/refunds`, { amount_in_minor: 250, reference: 'r-1' });
    await bench.pass(10 * MINUTE_MS);
    const account = `/v3/merchant-accounts/${bench.psp().credentials['merchantAccountGbp']}`;
    // 12.50 in, 2.50 back, 20 and 15 of fees.
    assert.equal((await get(account))['current_balance_in_minor'], 965);
    assert.deepEqual(
      ((await get(`${account}/transactions`))['items'] as Json[]).map(({ type, status }) => [type, status]),
      [
        ['merchant_account_payment', 'settled'],
        ['refund', 'executed'],
      ],
    );
    await bench.pass(24 * HOUR_MS);
    const [statement] = (await get(`${account}/statements`))['items'] as Json[];
    assert.deepEqual([statement?.['opening_balance_in_minor'], statement?.['closing_balance_in_minor']], [0, 0]);
    const { url, credentials } = bench.psp();
    const headers = { authorization: `Bearer ${credentials['accessToken'] ?? ''}` };
    const file = await bench.exchange(`${url}${account}/statements/1`, { headers });
    assert.match(file.body.toString('utf8'), /<Ustrd>order-1<\/Ustrd>/);
  });

  it('gives a token that is good for an hour, and none for wrong credentials', async () => {
    const { url, credentials } = bench.psp();
    const token = async (secret: string | undefined): Promise<Answer> =>
      toAnswer(
        await bench.exchange(`${url}/connect/token`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            grant_type: 'client_credentials',
            client_id: credentials['clientId'],
            client_secret: secret,
          }),
        }),
      );
    assert.deepEqual((await token('wrong')).json, { error: 'invalid_client' });
    const { json } = await token(credentials['clientSecret']);
    assert.equal(json['token_type'], 'Bearer');
    const bearer = String(json['access_token']);
    assert.equal((await post('/v3/payments', payment(), bearer)).status, 201);
    assert.equal((await post('/v3/payments', payment(), `${bearer}x`)).status, 401);
    await bench.pass(61 * MINUTE_MS);
    const late = await post('/v3/payments', payment(), bearer);
    assert.deepEqual([late.status, late.json['detail']], [401, 'The access token has expired.']);
  });

  it('wants a key and a signature on every POST', async () => {
    const { url, credentials } = bench.psp();
    const authorization = `Bearer ${credentials['accessToken'] ?? ''}`;
    const send = async (headers: Record<string, string>): Promise<Answer> =>
      toAnswer(
        await bench.exchange(`${url}/v3/payments`, {
          method: 'POST',
          headers: { authorization, ...headers },
          body: JSON.stringify(payment()),
        }),
      );
    const keyless = await send({});
    assert.deepEqual([keyless.status, keyless.json['errors']], [400, { 'Idempotency-Key': ['Value is required.'] }]);
    const unsigned = await send({ 'idempotency-key': 'k' });
    assert.equal(unsigned.status, 401);
    assert.match(String(unsigned.json['detail']), /Tl-Signature is missing/);
    assert.equal(unsigned.headers['content-type'], 'application/problem+json');
    assert.match(unsigned.headers['tl-trace-id'] ?? '', /^[0-9a-f]{32}$/);
  });

  const refusals: readonly (readonly [string, Json, string])[] = [
    ['no amount', { amount_in_minor: 0 }, 'amount_in_minor'],
    ['half a penny', { amount_in_minor: 0.5 }, 'amount_in_minor'],
    ['a currency without an account', { currency: 'USD' }, 'currency'],
    ['the account of another currency', { currency: 'EUR' }, 'payment_method.beneficiary.merchant_account_id'],
    ['nobody', { user: { name: 'Jane' } }, 'user.email'],
    ['a method that it has not', { payment_method: { type: 'card' } }, 'payment_method.type'],
    ['metadata that is no text', { metadata: { a: 1 } }, 'metadata.a'],
  ];
  for (const [what, fields, field] of refusals) {
    it(`refuses ${what} and names the field`, async () => {
      const { status, json } = await post('/v3/payments', payment(fields));
      assert.equal(status, 400, JSON.stringify(json));
      assert.deepEqual(Object.keys(json['errors'] as Json), [field]);
      assert.deepEqual(bench.events('books'), []);
    });
  }

  it('answers nonsense in its own format and never breaks', async () => {
    const path = fc.constantFrom(
      '/v3/payments',
      '/v3/payouts',
      '/v3/mandates',
      '/v3/payments/none/refunds',
      '/v3/payments/none/authorization-flow',
      '/v3/payments/none/authorization-flow/actions/consent',
      '/v3/mandates/none/revoke',
      '/v3/',
    );
    const key = fc.constantFrom(
      'amount_in_minor',
      'currency',
      'payment_method',
      'type',
      'beneficiary',
      'provider_selection',
      'merchant_account_id',
      'account_identifier',
      'iban',
      'user',
      'metadata',
      'reference',
      '__proto__',
      'constraints',
      'mandate',
    );
    const leaf = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('bank_transfer', 'EUR', 100, 'preselected'));
    const inner = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf, { maxKeys: 4 })), { maxKeys: 6 });
    const body = fc.tuple(fc.boolean(), inner).map(([whole, fields]) => (whole ? { ...payment(), ...fields } : fields));
    await fc.assert(
      fc.asyncProperty(path, body, async (sent, nonsense) => {
        const { status, json } = await post(sent, nonsense);
        assert.ok(status < 500, JSON.stringify(json));
        if (status >= 400) assert.equal(json['status'], status);
      }),
      { numRuns: 200 },
    );
    assert.deepEqual(bench.events('simulator-defect'), []);
  });
});
