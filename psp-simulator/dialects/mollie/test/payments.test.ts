/** Mollie's habits beyond what every dialect must do: the hosted page, mandates, refusals, lists. */
import assert from 'node:assert/strict';
import { amount, openMerchant, paymentBody } from './merchant.ts';
import type { Json, Merchant } from './merchant.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe("mollie's payments", () => {
  let merchant: Merchant;
  beforeEach(async () => {
    merchant = await openMerchant();
  });
  afterEach(() => merchant.bench.close());

  const card = (script: string, more: Json = {}): Promise<Json> =>
    merchant.pay({ cardToken: `tkn_assay_${script}`, ...more });
  const reasonOf = (payment: Json): unknown => (payment['details'] as Json | undefined)?.['failureReason'];
  async function refused(body: Json): Promise<[number, unknown, unknown]> {
    const { status, json } = await merchant.call('POST', '/payments', body);
    return [status, json['field'], json['detail']];
  }

  it('fail for the reason that the amount stands for, when the payer makes them fail', async () => {
    const payment = await merchant.pay({ amount: amount('1007.00') });
    await merchant.act(payment, 'fail');
    assert.equal(reasonOf(await merchant.payment(payment['id'])), 'insufficient_funds');
    const other = await merchant.pay({ amount: amount('1007.00') });
    await merchant.act(other, 'approve');
    assert.equal((await merchant.payment(other['id']))['status'], 'paid');
  });

  it('show how a card was authenticated', async () => {
    const security = async (payment: Json): Promise<unknown[]> => {
      const { details } = (await merchant.payment(payment['id'])) as { details: Json };
      return [details['cardSecurity'], details['card3dsEci']];
    };
    assert.deepEqual(await security(await card('frictionless')), ['3dsecure', '05']);
    assert.deepEqual(await security(await card('frictionless_mastercard')), ['3dsecure', '02']);
    assert.deepEqual(await security(await card('frictionless_attempted')), ['3dsecure', '06']);
    assert.deepEqual(await security(await card('frictionless_unavailable')), ['normal', '07']);
    assert.deepEqual(await security(await card('approved')), ['normal', undefined]);
    for (const [action, expected] of [
      ['attempt', ['3dsecure', '06']],
      ['unavailable', ['normal', '07']],
    ] as const) {
      const payment = await card('challenge');
      await merchant.act(payment, action);
      assert.deepEqual(await security(payment), expected);
    }
  });

  it('tell a failed authentication from a soft decline', async () => {
    assert.equal(reasonOf(await card('frictionless_failed')), 'authentication_failed');
    assert.equal(reasonOf(await card('soft_decline')), 'authentication_required');
    const left = await card('challenge');
    await merchant.act(left, 'abandon');
    await merchant.bench.pass(HOUR_MS);
    assert.equal((await merchant.payment(left['id']))['status'], 'expired');
  });

  it('can be scripted through the metadata, whatever the method', async () => {
    const payment = await merchant.pay({ method: 'paypal', metadata: { assay_outcome: 'dispute_reversed' } });
    await merchant.act(payment, 'approve');
    await merchant.bench.pass(90 * DAY_MS);
    const { json } = await merchant.call('GET', `/payments/${String(payment['id'])}/chargebacks`);
    const [chargeback] = (json['_embedded'] as { chargebacks: Json[] }).chargebacks;
    assert.equal(typeof chargeback?.['reversedAt'], 'string');
  });

  it('come as a form too, as in Mollie’s own examples', async () => {
    const form = new URLSearchParams({
      'amount[currency]': 'EUR',
      'amount[value]': '10.00',
      description: 'Order 1',
      redirectUrl: 'https://shop.example/return',
      method: 'ideal',
      'metadata[order_id]': 'order-form',
    });
    const answer = await merchant.call('POST', '/payments', form.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
    assert.deepEqual([answer.status, answer.json['metadata']], [201, { order_id: 'order-form' }]);
  });

  it('are refused in Mollie’s words, naming the field', async () => {
    assert.deepEqual(await refused(paymentBody({ amount: undefined })), [
      422,
      'amount',
      'The amount is required for payments',
    ]);
    assert.deepEqual(await refused(paymentBody({ metaData: {} })), [
      422,
      'metaData',
      'Non-existent body parameter "metaData" for this API call.',
    ]);
    assert.deepEqual((await refused(paymentBody({ testmode: true }))).slice(0, 2), [422, 'testmode']);
    for (const [body, field] of [
      [{ amount: amount('10.0') }, 'amount.value'],
      [{ amount: { currency: 'XTS', value: '1.00' } }, 'amount.currency'],
      [{ description: '' }, 'description'],
      [{ redirectUrl: undefined }, 'redirectUrl'],
      [{ redirectUrl: 'shop' }, 'redirectUrl'],
      [{ method: 'cheque' }, 'method'],
      [{ method: 'ideal', captureMode: 'manual' }, 'captureMode'],
      [{ method: 'twint' }, 'amount'],
      [{ cardToken: '4111111111111111' }, 'cardToken'],
      [{ sequenceType: 'first' }, 'customerId'],
      [{ customerId: 'cst_unknown' }, 'customerId'],
      [{ captureDelay: '7 days' }, 'captureDelay'],
    ] as const)
      assert.deepEqual((await refused(paymentBody(body))).slice(0, 2), [422, field], JSON.stringify(body));
    assert.equal(merchant.bench.events('books').length, 0);
  });

  it('need the organization’s token for what belongs to the organization', async () => {
    const key = { authorization: `Bearer ${merchant.bench.psp().credentials['apiKey'] ?? ''}` };
    for (const path of ['/settlements', '/balances/primary', '/webhooks']) {
      assert.equal((await merchant.call('GET', path, undefined, key)).status, 403);
      assert.equal((await merchant.call('GET', path)).status, 200);
    }
  });

  it('leave a mandate only when the first one is paid', async () => {
    const { json: customer } = await merchant.call('POST', '/customers', { name: 'Ada' });
    const customerId = String(customer['id']);
    const mandates = async (): Promise<unknown[]> => {
      const { json } = await merchant.call('GET', `/customers/${customerId}/mandates`);
      return (json['_embedded'] as { mandates: Json[] }).mandates.map(({ method, status }) => [method, status]);
    };
    const first = { sequenceType: 'first', customerId, method: 'ideal' };
    await merchant.act(await merchant.pay(first), 'fail');
    assert.deepEqual(await mandates(), []);
    const again = await merchant.pay(first);
    assert.deepEqual(await mandates(), [['directdebit', 'pending']]);
    await merchant.act(again, 'approve');
    assert.deepEqual(await mandates(), [['directdebit', 'valid']]);
    const recurring = await merchant.pay({ sequenceType: 'recurring', customerId, method: undefined });
    assert.deepEqual([recurring['status'], recurring['method']], ['paid', 'directdebit']);
    await merchant.call('DELETE', `/customers/${customerId}`);
    const none = await merchant.call('POST', '/payments', paymentBody({ sequenceType: 'recurring', customerId }));
    assert.equal(none.status, 422);
  });

  it('are refunded twice by the same amount only after an hour', async () => {
    const payment = await card('approved');
    const refund = (): Promise<number> =>
      merchant
        .call('POST', `/payments/${String(payment['id'])}/refunds`, { amount: amount('2.00') })
        .then(({ status }) => status);
    assert.deepEqual([await refund(), await refund()], [201, 409]);
    await merchant.bench.pass(HOUR_MS + 1);
    assert.equal(await refund(), 201);
  });

  it('count refunds on their way as gone', async () => {
    const payment = await card('approved');
    await merchant.call('POST', `/payments/${String(payment['id'])}/refunds`, { amount: amount('6.00') });
    const after = await merchant.payment(payment['id']);
    assert.deepEqual([after['amountRefunded'], after['amountRemaining']], [amount('6.00'), amount('4.00')]);
    const tooMuch = await merchant.call('POST', `/payments/${String(payment['id'])}/refunds`, {
      amount: amount('4.01'),
    });
    assert.deepEqual([tooMuch.status, tooMuch.json['detail']], [422, 'The specified amount cannot be refunded']);
  });

  it('are listed newest first from an id on, or oldest first', async () => {
    const made: unknown[] = [];
    for (let index = 0; index < 4; index += 1) made.push((await card('approved'))['id']);
    const list = async (query: string): Promise<{ ids: unknown[]; json: Json }> => {
      const { json } = await merchant.call('GET', `/payments?${query}`);
      const { payments } = json['_embedded'] as { payments: Json[] };
      return { ids: payments.map(({ id }) => id), json };
    };
    assert.deepEqual((await list('limit=2')).ids, [made[3], made[2]]);
    assert.deepEqual((await list(`limit=2&from=${String(made[1])}`)).ids, [made[1], made[0]]);
    assert.deepEqual((await list('sort=asc&limit=1')).ids, [made[0]]);
    const { json } = await list(`limit=2&from=${String(made[1])}`);
    const links = json['_links'] as { previous: { href: string } | null; next: unknown };
    assert.equal(links.next, null);
    assert.match(links.previous?.href ?? '', new RegExp(`from=${String(made[3])}`));
    assert.equal((await merchant.call('GET', '/payments?limit=251')).status, 400);
    assert.equal((await merchant.call('GET', '/payments?from=tr_unknown')).status, 400);
  });

  it('embed what belongs to them', async () => {
    const payment = await card('approved');
    await merchant.call('POST', `/payments/${String(payment['id'])}/refunds`, { amount: amount('2.00') });
    const { json } = await merchant.call('GET', `/payments/${String(payment['id'])}?embed=refunds,chargebacks`);
    const embedded = json['_embedded'] as { refunds: Json[]; chargebacks: Json[] };
    assert.deepEqual([embedded.refunds.length, embedded.chargebacks.length], [1, 0]);
    assert.equal((await merchant.call('GET', `/payments/${String(payment['id'])}?embed=cards`)).status, 400);
  });

  it('say in a settlement which one they came with', async () => {
    const payment = await card('approved');
    await merchant.bench.pass(4 * DAY_MS);
    const { settlementId } = (await merchant.payment(payment['id'])) as { settlementId: string };
    const { json } = await merchant.call('GET', `/settlements/${settlementId}/payments`);
    assert.deepEqual(
      (json['_embedded'] as { payments: Json[] }).payments.map(({ id }) => id),
      [payment['id']],
    );
    const settlement = await merchant.call('GET', `/settlements/${settlementId}`);
    // 10.00 less 1.8 % and 25 cents.
    assert.deepEqual([settlement.json['status'], settlement.json['amount']], ['paidout', amount('9.57')]);
  });
});
