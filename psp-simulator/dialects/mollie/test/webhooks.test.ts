/** When Mollie tells what, in which of its two forms, and what counts as told. */
import assert from 'node:assert/strict';
import { amount, openMerchant } from './merchant.ts';
import type { Json, Merchant } from './merchant.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe("mollie's webhooks", () => {
  let merchant: Merchant;
  beforeEach(async () => {
    merchant = await openMerchant();
  });
  afterEach(() => merchant.bench.close());

  const types = (): string[] => merchant.told().map((body) => (JSON.parse(body) as { type: string }).type);
  const subscribe = (eventTypes: string[]) =>
    merchant.call('POST', '/webhooks', { name: 'shop', url: 'https://shop.example/next', eventTypes });

  it('say nothing of an open payment, and nothing but the id of one that ended', async () => {
    for (const [action, status] of [
      ['approve', 'paid'],
      ['fail', 'failed'],
      ['cancel', 'canceled'],
    ] as const) {
      const before = merchant.told().length;
      const payment = await merchant.pay();
      await merchant.bench.pass(MINUTE_MS);
      assert.equal(merchant.told().length, before, 'an open payment was told of');
      await merchant.act(payment, action);
      await merchant.bench.pass(MINUTE_MS);
      assert.deepEqual(merchant.told().slice(before), [`id=${String(payment['id'])}`]);
      assert.equal((await merchant.payment(payment['id']))['status'], status);
    }
    assert.equal(merchant.bench.merchant.received[0]?.headers['x-mollie-signature'], undefined);
  });

  it('say that a payment expired when nobody came', async () => {
    const payment = await merchant.pay();
    await merchant.bench.pass(31 * MINUTE_MS);
    assert.deepEqual(merchant.told(), [`id=${String(payment['id'])}`]);
    const after = await merchant.payment(payment['id']);
    assert.equal(after['status'], 'expired');
    assert.equal(typeof after['expiredAt'], 'string');
  });

  it('are not sent for a payment that names no address', async () => {
    await merchant.pay({ cardToken: 'tkn_assay_approved', webhookUrl: undefined });
    await merchant.bench.pass(DAY_MS);
    assert.deepEqual(merchant.told(), []);
  });

  it("go to the payment's own address when the PSP was given none", async () => {
    await merchant.bench.control('PATCH', '/psps/mollie', { webhook_url: null });
    await merchant.pay({ cardToken: 'tkn_assay_approved', webhookUrl: 'http://merchant/of-this-payment' });
    await merchant.bench.pass(MINUTE_MS);
    assert.equal(merchant.told().length, 1);
    const deliveries = await merchant.bench.exchange(`${merchant.bench.simulator.control.url}/v1/deliveries`);
    assert.match(deliveries.body.toString('utf8'), /http:\/\/merchant\/of-this-payment/);
  });

  it('come for a refund that is sent and one that arrived, under the id of the payment', async () => {
    const payment = await merchant.pay({ cardToken: 'tkn_assay_approved' });
    await merchant.call('POST', `/payments/${String(payment['id'])}/refunds`, { amount: amount('4.00') });
    await merchant.bench.pass(MINUTE_MS);
    assert.equal(merchant.told().length, 1, 'a pending refund was told of');
    await merchant.bench.pass(5 * DAY_MS);
    assert.deepEqual(merchant.told(), Array(3).fill(`id=${String(payment['id'])}`));
  });

  it('are acknowledged by 200 alone, and tried ten times in 26 hours', async () => {
    merchant.bench.merchant.status = 204;
    await merchant.pay({ cardToken: 'tkn_assay_approved' });
    await merchant.bench.pass(7 * DAY_MS);
    const times = merchant.bench.merchant.received.map(({ atMs }) => atMs);
    const [first = 0] = times;
    const minutes = times.map((atMs) => Math.round((atMs - first) / MINUTE_MS));
    assert.deepEqual(minutes, [0, 1, 3, 7, 15, 31, 60, 120, 240, 1_560]);
  });

  it('of the next generation go to who subscribed, for what he subscribed to', async () => {
    await subscribe(['payment.paid', 'refund.canceled']);
    const payment = await merchant.pay({ cardToken: 'tkn_assay_approved', webhookUrl: undefined });
    const path = `/payments/${String(payment['id'])}/refunds`;
    const refund = await merchant.call('POST', path, { amount: amount('4.00') });
    assert.equal(refund.json['status'], 'pending');
    assert.equal((await merchant.call('DELETE', `${path}/${String(refund.json['id'])}`)).status, 204);
    await merchant.bench.pass(DAY_MS);
    assert.deepEqual(types(), ['payment.paid', 'refund.canceled']);
    const event = JSON.parse(merchant.told()[1] ?? '') as Json;
    const { _embedded } = event as { _embedded: { entity: Json } };
    assert.deepEqual([event['entityId'], _embedded.entity['status']], [refund.json['id'], 'canceled']);
    const stored = await merchant.call('GET', `/events/${String(event['id'])}`);
    assert.deepEqual(stored.json, event);
  });

  it('of both kinds come to who has both', async () => {
    await subscribe(['*']);
    const payment = await merchant.pay({ cardToken: 'tkn_assay_approved' });
    await merchant.bench.pass(MINUTE_MS);
    const [classic, next] = [...merchant.told()].sort();
    assert.equal(classic, `id=${String(payment['id'])}`);
    assert.match(next ?? '', /"type":"payment.paid"/);
  });

  it('tell of each capture, and that the payment is paid when nothing is left', async () => {
    await subscribe(['*']);
    const payment = await merchant.pay({
      cardToken: 'tkn_assay_approved',
      captureMode: 'manual',
      webhookUrl: undefined,
    });
    const path = `/payments/${String(payment['id'])}`;
    await merchant.call('POST', `${path}/captures`, { amount: amount('3.00') });
    await merchant.bench.pass(MINUTE_MS);
    assert.equal((await merchant.payment(payment['id']))['status'], 'authorized');
    assert.equal((await merchant.call('POST', `${path}/release-authorization`)).status, 202);
    await merchant.bench.pass(MINUTE_MS);
    assert.deepEqual(types(), ['payment.authorized', 'capture.succeeded', 'payment.paid']);
    const after = await merchant.payment(payment['id']);
    assert.deepEqual([after['status'], after['amountCaptured']], ['paid', amount('3.00')]);
  });

  it('announce a settlement to who asked for it', async () => {
    await merchant.bench.close();
    merchant = await openMerchant({
      settlement: { announce: true },
      webhookEvents: ['balance-transaction.created'],
    });
    await merchant.pay({ cardToken: 'tkn_assay_approved', webhookUrl: undefined });
    await merchant.bench.pass(4 * DAY_MS);
    assert.deepEqual(types(), ['balance-transaction.created']);
    const { entityId } = JSON.parse(merchant.told()[0] ?? '') as { entityId: string };
    const { json } = await merchant.call('GET', '/balances/primary/transactions');
    const { balance_transactions: all } = json['_embedded'] as { balance_transactions: Json[] };
    assert.deepEqual([all[0]?.['id'], all[0]?.['type']], [entityId, 'outgoing-transfer']);
  });
});
