/** What takes PayPal hours and weeks: keys that live differently long, pages and authorizations that run out, payouts nobody claims. */
import assert from 'node:assert/strict';
import { HOUR_MS, openBench, type Bench } from '../../../test/bench.ts';

type Json = Record<string, unknown>;

const DAY_MS = 24 * HOUR_MS;
const CARD = { number: '4012888888881881', expiry: '2030-01', name: 'Ada Example' };
const EUR_10 = { currency_code: 'EUR', value: '10.00' };

describe('time at PayPal', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench({ psps: [{ name: 'paypal', dialect: 'paypal' }] });
  });
  afterEach(() => bench.close());

  async function call(
    method: string,
    path: string,
    body?: Json,
    key?: string,
  ): Promise<{ status: number; json: Json }> {
    const { url, credentials } = bench.psp();
    const basic = Buffer.from(`${credentials['clientId']}:${credentials['clientSecret']}`).toString('base64');
    const response = await bench.exchange(`${url}${path}`, {
      method,
      headers: {
        authorization: `Basic ${basic}`,
        'content-type': 'application/json',
        prefer: 'return=representation',
        ...(key === undefined ? {} : { 'paypal-request-id': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = response.body.toString('utf8');
    return { status: response.status, json: (text === '' ? {} : JSON.parse(text)) as Json };
  }

  const order = (intent: string, source: Json, key: string) =>
    call(
      'POST',
      '/v2/checkout/orders',
      { intent, purchase_units: [{ custom_id: `order-${key}`, amount: EUR_10 }], payment_source: source },
      key,
    );
  const issueOf = ({ json }: { json: Json }): string => String((json['details'] as Json[] | undefined)?.[0]?.['issue']);
  const linkOf = (json: Json, rel: string): string =>
    String((json['links'] as Json[]).find((link) => link['rel'] === rel)?.['href']);

  async function authorized(): Promise<string> {
    const { json } = await order('AUTHORIZE', { card: CARD }, 'authorize');
    const units = json['purchase_units'] as { payments: { authorizations: { id: string }[] } }[];
    return units[0]?.payments.authorizations[0]?.id ?? '';
  }

  it('remembers the key of a capture for forty-five days, and of an order for six hours', async () => {
    const capture = `/v2/payments/authorizations/${await authorized()}/capture`;
    const first = await call('POST', capture, {}, 'capture');
    assert.equal(first.status, 201);
    await bench.pass(45 * DAY_MS - HOUR_MS);
    const again = await call('POST', capture, {}, 'capture');
    assert.deepEqual([again.status, again.json['id']], [200, first.json['id']]);
    await bench.pass(2 * HOUR_MS);
    assert.equal(issueOf(await call('POST', capture, {}, 'capture')), 'AUTHORIZATION_ALREADY_CAPTURED');
    const { json } = await order('AUTHORIZE', { card: CARD }, 'authorize');
    assert.equal(json['status'], 'COMPLETED');
    assert.equal(
      bench.events('books').filter(({ value }) => (value as Json)['change'] === 'payment-created').length,
      2,
    );
  });

  it('refuses a vault key that comes with another card', async () => {
    const save = (name: string) =>
      call('POST', '/v3/vault/payment-tokens', { payment_source: { card: { ...CARD, name } } }, 'v');
    const first = await save('Ada');
    assert.deepEqual([first.status, (await save('Ada')).json['id']], [201, first.json['id']]);
    assert.equal(issueOf(await save('Bob')), 'PAYPAL_REQUEST_ID_PREVIOUSLY_USED');
    await bench.pass(3 * HOUR_MS);
    assert.equal((await save('Bob')).status, 201);
  });

  it('lets an order whose payer never comes run out after three hours', async () => {
    const { json } = await order('CAPTURE', { paypal: {} }, 'wallet');
    const path = `/v2/checkout/orders/${String(json['id'])}`;
    await bench.pass(3 * HOUR_MS);
    assert.equal((await call('GET', path)).json['status'], 'VOIDED');
    assert.equal(issueOf(await call('POST', `${path}/capture`, {})), 'ORDER_EXPIRED');
  });

  it("repeats the order's words in a refund that brings none of its own, as one of the dashboard", async () => {
    const { json } = await order('CAPTURE', { card: CARD }, 'paid');
    const [unit] = json['purchase_units'] as { payments: { captures: { id: string }[] } }[];
    const refund = `/v2/payments/captures/${unit?.payments.captures[0]?.id ?? ''}/refund`;
    const part = { amount: { currency_code: 'EUR', value: '1.00' } };
    await call('POST', refund, part, 'dashboard');
    await call('POST', refund, { ...part, custom_id: 'refund-1' }, 'ours');
    await bench.pass(60_000);
    const told = bench.merchant.received.map(({ body }) => JSON.parse(body) as Json);
    const words = told
      .filter((event) => event['event_type'] === 'PAYMENT.CAPTURE.REFUNDED')
      .map((event) => (event['resource'] as Json)['custom_id']);
    assert.deepEqual(words.sort(), ['order-paid', 'refund-1']);
  });

  it('captures nothing before the payer approved, and tells of the approval at once', async () => {
    const { json } = await order(
      'CAPTURE',
      { paypal: { experience_context: { return_url: 'https://shop.example/' } } },
      'w',
    );
    const page = linkOf(json, 'payer-action');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await bench.exchange(page, { method: 'POST', headers: form, body: 'action=approve' });
    await bench.pass(60_000);
    const types = (): unknown[] => bench.merchant.received.map(({ body }) => (JSON.parse(body) as Json)['event_type']);
    assert.deepEqual(types(), ['CHECKOUT.ORDER.APPROVED']);
    const captured = await call('POST', `/v2/checkout/orders/${String(json['id'])}/capture`, {}, 'c');
    assert.equal(captured.json['status'], 'COMPLETED');
    await bench.pass(60_000);
    assert.deepEqual(types(), ['CHECKOUT.ORDER.APPROVED', 'PAYMENT.CAPTURE.COMPLETED']);
  });

  it('voids what nobody captured after twenty-nine days, and says so', async () => {
    const id = await authorized();
    await bench.pass(29 * DAY_MS + 60_000);
    assert.equal((await call('GET', `/v2/payments/authorizations/${id}`)).json['status'], 'VOIDED');
    assert.equal(issueOf(await call('POST', `/v2/payments/authorizations/${id}/capture`, {})), 'AUTHORIZATION_EXPIRED');
    assert.match(bench.merchant.received.at(-1)?.body ?? '', /PAYMENT\.AUTHORIZATION\.VOIDED/);
  });

  it('gives a payout back that its receiver does not claim, or the sender takes it back before', async () => {
    const items = ['one', 'two'].map((receiver) => ({
      receiver,
      note: 'ASSAY-UNCLAIMED',
      amount: { value: '5.00', currency: 'EUR' },
    }));
    const batch = await call('POST', '/v1/payments/payouts', { sender_batch_header: { sender_batch_id: 'b' }, items });
    const batchId = String((batch.json['batch_header'] as Json)['payout_batch_id']);
    const statuses = async (): Promise<unknown[]> => {
      const { json } = await call('GET', `/v1/payments/payouts/${batchId}`);
      return (json['items'] as Json[]).map((item) => item['transaction_status']);
    };
    assert.deepEqual(await statuses(), ['UNCLAIMED', 'UNCLAIMED']);
    const [first] = (await call('GET', `/v1/payments/payouts/${batchId}`)).json['items'] as Json[];
    const item = `/v1/payments/payouts-item/${String(first?.['payout_item_id'])}`;
    assert.equal((await call('POST', `${item}/cancel`)).json['transaction_status'], 'RETURNED');
    assert.equal(issueOf(await call('POST', `${item}/cancel`)), 'ITEM_CANNOT_BE_CANCELLED');
    await bench.pass(DAY_MS);
    assert.deepEqual(await statuses(), ['RETURNED', 'RETURNED']);
  });

  it('shows in a search what the settlement report will say', async () => {
    await order('CAPTURE', { card: CARD }, 'paid');
    await bench.pass(4 * HOUR_MS);
    const range = 'start_date=2026-01-01T00:00:00%2B0000&end_date=2026-01-20T00:00:00+0000&&&&&fields=all&&&';
    const { json } = await call('GET', `/v1/reporting/transactions?${range}`);
    const [found] = json['transaction_details'] as { transaction_info: Json }[];
    assert.deepEqual(
      [found?.transaction_info['transaction_event_code'], found?.transaction_info['custom_field']],
      ['T0006', 'order-paid'],
    );
    assert.deepEqual(found?.transaction_info['fee_amount'], { currency_code: 'EUR', value: '-0.69' });
    const { balances } = (await call('GET', '/v1/reporting/balances')).json as { balances: Json[] };
    assert.deepEqual(balances[0]?.['total_balance'], { currency_code: 'EUR', value: '9.31' });
    assert.equal((await call('GET', '/v1/reporting/transactions?start_date=2026-01-01T00:00:00Z')).status, 400);
  });
});
