/**
 * The unmodified official `mollie-api-typescript` against the simulator, over plain http by its
 * own `serverURL`. The SDK checks every answer field by field, so each call that returns has
 * shown that the answer is complete. Its own SignatureValidator checks the webhooks.
 */
import assert from 'node:assert/strict';
import { Client } from 'mollie-api-typescript';
import type { PaymentRequest, PaymentResponse } from 'mollie-api-typescript/models';
import { ClientError, type ErrorResponse } from 'mollie-api-typescript/models/errors';
import { InvalidSignatureException, SignatureValidator } from 'mollie-api-typescript/utils/webhooks/index.js';
import { openStage, type ReceivedWebhook, type SdkStage } from './sdk-support.ts';
import { sdkSuite } from './sdk-suite.ts';

const EUROS_10 = { currency: 'EUR', value: '10.00' };
const DAY_MS = 86_400_000;

let stage: SdkStage;
/** With the API key of a profile, and with the access token of the organization. */
let client: Client;
let account: Client;
let orders = 0;

function connect(): void {
  const { url, credentials } = stage.psp;
  client = new Client({ serverURL: url, security: { apiKey: credentials['apiKey'] ?? '' } });
  const advancedAccessToken = credentials['accessToken'] ?? '';
  account = new Client({ serverURL: url, testmode: true, security: { advancedAccessToken } });
}

async function open(): Promise<void> {
  stage = await openStage({ dialect: 'mollie' });
  connect();
  await account.webhooks.create({
    requestBody: { name: 'everything', url: 'https://shop.example/mollie', eventTypes: ['*'] },
  });
}

const request = (more: Partial<PaymentRequest> = {}): PaymentRequest => {
  orders += 1;
  return {
    amount: EUROS_10,
    description: `Order ${orders}`,
    redirectUrl: 'https://shop.example/return?order=7',
    webhookUrl: 'https://shop.example/mollie',
    method: 'creditcard',
    metadata: { order_id: `order-${orders}` },
    ...more,
  };
};
const pay = (more: Partial<PaymentRequest> = {}): Promise<PaymentResponse> =>
  client.payments.create({ paymentRequest: request(more) });
const byCard = (script: string, more: Partial<PaymentRequest> = {}): Promise<PaymentResponse> =>
  pay({ cardToken: `tkn_assay_${script}`, ...more });
const read = (paymentId: string): Promise<PaymentResponse> => client.payments.get({ paymentId });

/** The signed event of this type about `id`, checked by the SDK. */
async function eventOf(type: string, id: string, advanceMs = 0): Promise<ReceivedWebhook> {
  const webhook = await stage.nextWebhook((body) => body.includes(`"type":"${type}"`) && body.includes(id), advanceMs);
  const secret = stage.psp.credentials['webhookSecret'] ?? '';
  const signature = String(webhook.headers['x-mollie-signature']);
  assert.equal(await SignatureValidator.validate(webhook.body, secret, signature), true);
  return webhook;
}

function refusedWith(status: number, field?: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof ClientError, String(error));
    assert.equal(error.statusCode, status);
    // Only the statuses that Mollie documents for a call become an error object of the SDK.
    if (field !== undefined) assert.equal((error as ErrorResponse).field, field);
    return true;
  };
}

sdkSuite({
  sdk: 'mollie-api-typescript',
  dialect: 'mollie',
  reached: 'plain http, by its option serverURL',
  open,
  close: () => stage.close(),
  capabilities: {
    pay: async () => {
      const payment = await byCard('approved');
      assert.equal(payment.status, 'paid');
      assert.equal(payment.details?.cardLabel, 'Visa');
      const event = await eventOf('payment.paid', payment.id);
      const { id } = JSON.parse(event.body) as { id: string };
      const stored = await account.webhookEvents.get({ webhookEventId: id });
      assert.equal(stored.entityId, payment.id);
      await stage.nextWebhook((body) => body === `id=${payment.id}`);
    },
    '3DS approved': async () => {
      const payment = await byCard('challenge');
      assert.equal(payment.status, 'open');
      const back = await stage.cardholder(payment.links.checkout?.href ?? '', 'approve');
      assert.equal(back?.href, 'https://shop.example/return?order=7');
      const after = await read(payment.id);
      assert.equal(after.status, 'paid');
      assert.deepEqual([after.details?.cardSecurity, after.details?.card3dsEci], ['3dsecure', '05']);
    },
    '3DS failed': async () => {
      const payment = await byCard('challenge');
      await stage.cardholder(payment.links.checkout?.href ?? '', 'fail');
      const after = await read(payment.id);
      assert.deepEqual([after.status, after.details?.failureReason], ['failed', 'authentication_failed']);
      await eventOf('payment.failed', payment.id);
    },
    decline: async () => {
      const payment = await byCard('insufficient_funds');
      assert.deepEqual([payment.status, payment.details?.failureReason], ['failed', 'insufficient_funds']);
      const open = await pay({ amount: { currency: 'EUR', value: '1008.00' } });
      await stage.cardholder(open.links.checkout?.href ?? '', 'fail');
      assert.equal((await read(open.id)).details?.failureReason, 'inactive_card');
    },
    capture: async () => {
      const payment = await byCard('approved', { captureMode: 'manual' });
      assert.equal(payment.status, 'authorized');
      assert.match(payment.captureBefore ?? '', /^\d{4}-\d{2}-\d{2}$/);
      const part = { currency: 'EUR', value: '4.00' };
      const capture = await client.captures.create({
        paymentId: payment.id,
        entityCapture: { amount: part, description: 'First parcel' },
      });
      assert.deepEqual([capture.status, capture.amount], ['succeeded', part]);
      await eventOf('capture.succeeded', capture.id);
      assert.deepEqual((await read(payment.id)).amountCaptured, part);
      await client.captures.create({ paymentId: payment.id, entityCapture: {} });
      const after = await read(payment.id);
      assert.deepEqual([after.status, after.amountCaptured?.value], ['paid', '10.00']);
      await eventOf('payment.paid', payment.id);
      const { result } = await client.captures.list({ paymentId: payment.id });
      assert.equal(result.count, 2);
      const found = await client.captures.get({ paymentId: payment.id, captureId: capture.id });
      assert.equal(found.description, 'First parcel');
    },
    'partial refund': async () => {
      const payment = await byCard('approved');
      const refund = await client.refunds.create({
        paymentId: payment.id,
        refundRequest: { amount: { currency: 'EUR', value: '3.00' }, description: 'Half a loaf' },
      });
      assert.equal(refund.status, 'pending');
      await eventOf('refund.refunded', refund.id);
      const again = await client.refunds.get({ paymentId: payment.id, refundId: refund.id });
      assert.equal(again.status, 'refunded');
      assert.equal((await read(payment.id)).amountRemaining?.value, '7.00');
      const tooMuch = { amount: { currency: 'EUR', value: '7.01' }, description: 'Too much' };
      await assert.rejects(
        client.refunds.create({ paymentId: payment.id, refundRequest: tooMuch }),
        refusedWith(422, 'amount.value'),
      );
      const same = { amount: { currency: 'EUR', value: '3.00' }, description: 'Twice' };
      await assert.rejects(client.refunds.create({ paymentId: payment.id, refundRequest: same }), refusedWith(409));
    },
    void: async () => {
      const payment = await byCard('approved', { captureMode: 'manual' });
      await client.payments.releaseAuthorization({ paymentId: payment.id });
      assert.equal((await read(payment.id)).status, 'canceled');
      await eventOf('payment.canceled', payment.id);
      const open = await pay();
      assert.equal(open.isCancelable, true);
      assert.equal((await client.payments.cancel({ paymentId: open.id })).status, 'canceled');
    },
    payout: async () => {
      const { id: balanceId } = await account.balances.getPrimary();
      const create = (description: string) =>
        client.payouts.create({ payoutRequest: { balanceId, amount: EUROS_10, description } });
      const payout = await create('week-1');
      assert.equal(payout.status, 'requested');
      await eventOf('payout.completed', payout.id);
      assert.equal((await client.payouts.get({ payoutId: payout.id })).status, 'completed');
      const failing = await create('week-2 assay_outcome=fail');
      await eventOf('payout.failed', failing.id);
      const failed = await client.payouts.get({ payoutId: failing.id });
      assert.deepEqual([failed.status, failed.statusReason.code], ['failed', 'bank_processing_failed']);
    },
    retrieve: async () => {
      const payment = await byCard('approved', { method: 'ideal', cardToken: undefined });
      assert.equal((await read(payment.id)).status, 'open');
      await stage.cardholder(payment.links.checkout?.href ?? '', 'approve');
      const after = await client.payments.get({ paymentId: payment.id, embed: 'refunds' });
      assert.deepEqual([after.status, after.method, after.details?.consumerName], ['paid', 'ideal', 'T. Test']);
      await assert.rejects(read('tr_unknown'), refusedWith(404));
    },
    list: async () => {
      const made: string[] = [];
      for (let index = 0; index < 5; index += 1) made.push((await byCard('approved')).id);
      const listed: string[] = [];
      const pages = await client.payments.list({ limit: 2 });
      for await (const page of pages) {
        listed.push(...(page.result.embedded.payments ?? []).map((payment) => payment.id));
        if (listed.length >= made.length) break;
      }
      assert.deepEqual(listed.slice(0, made.length), made.reverse());
    },
    'idempotent retry': async () => {
      const paymentRequest = request({ cardToken: 'tkn_assay_approved' });
      const idempotencyKey = 'b4f0e0f8-0000-4000-8000-000000000001';
      const first = await client.payments.create({ paymentRequest, idempotencyKey });
      const second = await client.payments.create({ paymentRequest, idempotencyKey });
      assert.equal(second.id, first.id);
      const other = request({ cardToken: 'tkn_assay_approved', description: 'Another' });
      await assert.rejects(client.payments.create({ paymentRequest: other, idempotencyKey }), refusedWith(400));
    },
    'verify webhook': async () => {
      const payment = await byCard('approved');
      const { body, headers } = await eventOf('payment.paid', payment.id);
      const secret = stage.psp.credentials['webhookSecret'] ?? '';
      const signature = String(headers['x-mollie-signature']);
      await assert.rejects(SignatureValidator.validate(`${body} `, secret, signature), InvalidSignatureException);
      await assert.rejects(SignatureValidator.validate(body, 'another secret', signature), InvalidSignatureException);
      const rotated = await SignatureValidator.validate(body, ['the next secret', secret], signature);
      assert.equal(rotated, true);
      assert.equal(await SignatureValidator.validate(body, secret, undefined), false);
    },
  },
});

describe('mollie-api-typescript beyond the common list', () => {
  before(open);
  after(() => stage.close());

  it('saves a card by a first payment and charges it again by its mandate', async () => {
    const customer = await client.customers.create({ entityCustomer: { name: 'Ada', email: 'ada@example.com' } });
    const first = await byCard('approved', { sequenceType: 'first', customerId: customer.id });
    const { result } = await client.mandates.list({ customerId: customer.id });
    const [mandate] = result.embedded.mandates;
    assert.deepEqual([mandate?.id, mandate?.status, mandate?.method], [first.mandateId, 'valid', 'creditcard']);
    const again = await pay({ sequenceType: 'recurring', customerId: customer.id, mandateId: mandate?.id });
    assert.equal(again.status, 'paid');
    await client.mandates.revoke({ customerId: customer.id, mandateId: mandate?.id ?? '', requestBody: {} });
    await assert.rejects(
      pay({ sequenceType: 'recurring', customerId: customer.id, mandateId: mandate?.id }),
      refusedWith(422, 'mandateId'),
    );
  });

  it('registers a mandate, reads methods, and finds its payments by the customer', async () => {
    const customer = await client.customers.create({ entityCustomer: { name: 'Grace' } });
    const mandate = await client.mandates.create({
      customerId: customer.id,
      mandateRequest: { method: 'directdebit', consumerName: 'Grace', consumerAccount: 'NL02ABNA0123456789' },
    });
    assert.equal((await client.mandates.get({ customerId: customer.id, mandateId: mandate.id })).status, 'valid');
    const payment = await client.payments.create({
      paymentRequest: request({ method: undefined, sequenceType: 'recurring', customerId: customer.id }),
    });
    assert.deepEqual([payment.status, payment.method], ['paid', 'directdebit']);
    const own = await client.customers.listPayments({ customerId: customer.id });
    assert.equal(own.result.embedded.payments?.[0]?.id, payment.id);
    const methods = await client.methods.list({});
    assert.ok(methods.embedded.methods.some(({ id }) => id === 'ideal'));
    assert.equal((await client.methods.get({ methodId: 'ideal' })).description, 'iDEAL');
    assert.ok((await client.methods.all({})).count > 10);
  });

  it('sees a chargeback come and be reversed', async () => {
    const payment = await byCard('dispute_won');
    const { body } = await eventOf('chargeback.received', payment.id, 21 * DAY_MS);
    const { entityId } = JSON.parse(body) as { entityId: string };
    const chargeback = await client.chargebacks.get({ paymentId: payment.id, chargebackId: entityId });
    assert.deepEqual([chargeback.amount.value, chargeback.reversedAt], ['10.00', null]);
    assert.equal((await read(payment.id)).amountChargedBack?.value, '10.00');
    await eventOf('chargeback.reversed', payment.id, 31 * DAY_MS);
    const [reversed] = (await client.chargebacks.list({ paymentId: payment.id })).result.embedded.chargebacks;
    assert.ok(reversed?.reversedAt);
    assert.ok((await client.chargebacks.all({})).result.count >= 1);
  });

  it('reads settlements with their periods, and what is in them', async () => {
    const payment = await byCard('approved');
    const refund = await client.refunds.create({
      paymentId: payment.id,
      refundRequest: { amount: { currency: 'EUR', value: '2.50' }, description: 'Part' },
    });
    await eventOf('refund.refunded', refund.id);
    const openNow = await account.settlements.getOpen({});
    assert.equal(openNow.status, 'open');
    await stage.clock.advance(4 * DAY_MS);
    const { result } = await account.settlements.list({});
    const found = result.embedded.settlements.find(({ status }) => status === 'paidout');
    assert.ok(found);
    const settlementId = (await read(payment.id)).settlementId ?? '';
    const settlement = await account.settlements.get({ settlementId });
    assert.match(settlement.reference ?? '', /^\d{7}\.\d{4}\.\d{2}$/);
    const payments = await account.settlements.listPayments({ settlementId });
    assert.ok(payments.result.embedded.payments?.some(({ id }) => id === payment.id));
    await account.settlements.listRefunds({ settlementId });
    await account.settlements.listCaptures({ settlementId });
    await account.settlements.listChargebacks({ settlementId });
    await account.settlements.getNext({});
    const balances = await account.balances.list({});
    const balanceId = balances.result.embedded.balances[0]?.id ?? '';
    assert.equal((await account.balances.get({ balanceId })).currency, 'EUR');
    const transactions = await account.balances.listTransactions({ balanceId });
    assert.ok(transactions.result.embedded.balanceTransactions.some(({ type }) => type === 'outgoing-transfer'));
  });

  it('cancels a refund before it is sent', async () => {
    await stage.close();
    stage = await openStage({ dialect: 'mollie', profile: { refundSettlement: { kind: 'fixed', ms: DAY_MS } } });
    connect();
    const payment = await byCard('approved');
    const refund = await client.refunds.create({
      paymentId: payment.id,
      refundRequest: { amount: EUROS_10, description: 'All' },
    });
    await client.refunds.cancel({ paymentId: payment.id, refundId: refund.id });
    const after = await client.refunds.get({ paymentId: payment.id, refundId: refund.id });
    assert.equal(after.status, 'canceled');
    assert.equal((await read(payment.id)).amountRemaining?.value, '10.00');
  });

  it('manages subscriptions to webhooks', async () => {
    const hook = await account.webhooks.create({
      requestBody: { name: 'paid', url: 'https://shop.example/paid', eventTypes: ['payment.paid'] },
    });
    assert.ok(hook.webhookSecret.length > 8);
    await account.webhooks.update({ webhookId: hook.id, requestBody: { name: 'renamed' } });
    assert.equal((await account.webhooks.get({ webhookId: hook.id })).name, 'renamed');
    assert.equal((await account.webhooks.list({})).result.count, 1);
    await account.webhooks.delete({ webhookId: hook.id, requestBody: {} });
    await assert.rejects(account.webhooks.get({ webhookId: hook.id }), refusedWith(404));
  });
});
