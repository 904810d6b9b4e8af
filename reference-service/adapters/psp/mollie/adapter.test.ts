import assert from 'node:assert/strict';
import {
  answer,
  CREDENTIALS,
  exampleCapture,
  exampleRefund,
  inWorld,
  paymentAttempt,
  RETURN_URL,
} from '../test/scripted-psp.ts';
// Loaded now: the clock of a test waits a few seconds for work that is not its own, and no longer.
import './sdk.ts';

const PAYMENT = {
  id: 'tr_1',
  amount: { currency: 'EUR', value: '50.00' },
  metadata: { reference: 'att_1' },
};
const PAID = { ...PAYMENT, status: 'paid' };
const APPROVED = { kind: 'approved', pspReference: 'tr_1', money: { amountMinor: 5_000, currency: 'EUR' } };
const URLS = { returnUrl: RETURN_URL, webhookUrl: 'https://casino.example/hook' };
const REFUND = exampleRefund('tr_1', { amountMinor: 2_000 });
const CAPTURE = exampleCapture('tr_1', { amountMinor: 2_000 });
const NO_REFUNDS = answer(200, { count: 0, _embedded: { refunds: [] } });

describe('mollie adapter', () => {
  it('sends the payment as the SDK makes it, under our key, and tells nothing of this machine', () =>
    inWorld('mollie', async ({ adapter, script, seen }) => {
      script(answer(201, PAID));
      assert.deepEqual(await adapter.createPayment(paymentAttempt(), URLS), APPROVED);
      const [request] = seen;
      assert.ok(request);
      assert.equal(`${request.method} ${request.path}`, 'POST /v2/payments');
      assert.equal(request.headers['authorization'], `Bearer ${CREDENTIALS.mollie['apiKey'] ?? ''}`);
      assert.equal(request.headers['idempotency-key'], 'key-att_1');
      assert.equal(request.headers['user-agent'], undefined);
      assert.deepEqual(JSON.parse(request.body), {
        amount: { currency: 'EUR', value: '50.00' },
        description: 'att_1',
        redirectUrl: RETURN_URL,
        webhookUrl: 'https://casino.example/hook',
        method: 'creditcard',
        cardToken: 'tkn_assay_approved',
        metadata: { reference: 'att_1', payment_id: 'pay_1', player_id: 'player-1' },
      });
    }));

  it('asks for no unsigned webhooks where only signed ones are wanted', () =>
    inWorld(
      'mollie',
      async ({ adapter, script, seen }) => {
        script(answer(201, PAID));
        await adapter.createPayment(paymentAttempt(), URLS);
        assert.equal('webhookUrl' in (JSON.parse(seen[0]?.body ?? '') as object), false);
      },
      { credentials: { ...CREDENTIALS.mollie, signedWebhooksOnly: 'true' } },
    ));

  it('believes a paid payment whatever else is missing in it or new', () =>
    inWorld('mollie', async ({ adapter, script }) => {
      script(answer(200, { ...PAID, method: 'something_new', createdAt: 7, unheardOf: {} }));
      assert.deepEqual(await adapter.queryPayment(paymentAttempt({ pspReference: 'tr_1' })), APPROVED);
    }));

  it('asks without a key, and by our reference through the list', () =>
    inWorld('mollie', async ({ adapter, script, seen }) => {
      const other = { ...PAID, id: 'tr_2', metadata: { reference: 'att_2' } };
      const next = { href: 'http://psp/v2/payments?from=tr_0&limit=250' };
      script(
        answer(200, { _embedded: { payments: [other] }, _links: { next } }),
        answer(200, { _embedded: { payments: [PAID, { ...PAID, id: 'tr_3' }] }, _links: { next: null } }),
        answer(200, PAID),
        answer(200, { ...PAID, id: 'tr_3' }),
      );
      const found = await adapter.queryPayment(paymentAttempt());
      assert.deepEqual(found, { ...APPROVED, others: [{ ...APPROVED, pspReference: 'tr_3' }] });
      assert.deepEqual(
        seen.map(({ path }) => path),
        [
          '/v2/payments?limit=250',
          '/v2/payments?from=tr_0&limit=250',
          '/v2/payments/tr_1?embed=refunds%2Cchargebacks',
          '/v2/payments/tr_3?embed=refunds%2Cchargebacks',
        ],
      );
      assert.ok(seen.every(({ headers }) => headers['idempotency-key'] === undefined));
    }));

  it('does not know, where it does not find it among the latest two thousand', () =>
    inWorld('mollie', async ({ adapter, script, seen }) => {
      const next = { href: 'http://psp/v2/payments?from=tr_0&limit=250' };
      const page = answer(200, { _embedded: { payments: [] }, _links: { next } });
      script(...new Array<typeof page>(8).fill(page));
      assert.equal((await adapter.queryPayment(paymentAttempt())).kind, 'in_doubt');
      assert.equal(seen.length, 8);
    }));

  for (const [status, more, kind] of [
    ['open', {}, 'pending'],
    ['open', { _links: { checkout: { href: 'https://mollie.example/1' } } }, 'requires_action'],
    ['pending', {}, 'pending'],
    ['authorized', {}, 'authorized'],
    ['failed', {}, 'declined'],
    ['expired', {}, 'declined'],
    ['canceled', {}, 'canceled'],
    ['something_new', {}, 'pending'],
    ['paid', { _embedded: { refunds: [{ status: 'pending', amount: PAYMENT.amount }] } }, 'approved'],
    ['paid', { _embedded: { refunds: [{ status: 'refunded', amount: PAYMENT.amount }] } }, 'refunded'],
  ] as const)
    it(`reads ${status} ${JSON.stringify(more)} as ${kind}`, () =>
      inWorld('mollie', async ({ adapter, script }) => {
        script(answer(200, { ...PAYMENT, status, ...more }));
        assert.equal((await adapter.queryPayment(paymentAttempt({ pspReference: 'tr_1' }))).kind, kind);
      }));

  it('does not take an answer about another reference for its own', () =>
    inWorld('mollie', async ({ adapter, script }) => {
      script(answer(201, { ...PAID, metadata: { reference: 'att_2' } }));
      const result = await adapter.createPayment(paymentAttempt(), URLS);
      assert.ok(result.kind === 'in_doubt' && result.aboutAnother === true);
    }));

  it('is in doubt about a key that another request has used', () =>
    inWorld('mollie', async ({ adapter, script }) => {
      const detail = 'The idempotency key was already used for a request with other parameters';
      script(answer(400, { status: 400, title: 'Bad Request', detail }));
      assert.equal((await adapter.createPayment(paymentAttempt(), URLS)).kind, 'in_doubt');
    }));

  it('makes a customer first for a method that is to be kept, and tells his mandate', () =>
    inWorld('mollie', async ({ adapter, script, seen }) => {
      const first = { sequenceType: 'first', customerId: 'cst_1', mandateId: 'mdt_1' };
      const details = { cardLabel: 'Mastercard', cardNumber: '4444' };
      script(answer(201, { id: 'cst_1' }), answer(201, { ...PAID, ...first, details }));
      const result = await adapter.createPayment(paymentAttempt({ storeMethod: true }), URLS);
      const stored = { token: 'cst_1/mdt_1', brand: 'mastercard', last4: '4444' };
      assert.deepEqual(result, { ...APPROVED, stored });
      assert.equal(seen[0]?.headers['idempotency-key'], 'key-att_1-customer');
      const sent = JSON.parse(seen[1]?.body ?? '') as Record<string, unknown>;
      assert.deepEqual([sent['sequenceType'], sent['customerId']], ['first', 'cst_1']);
    }));

  it('finishes a capture of a part by releasing the rest, wherever an earlier try broke off', () =>
    inWorld('mollie', async ({ adapter, script, seen }) => {
      const amountCaptured = { currency: 'EUR', value: '20.00' };
      script(answer(200, { ...PAYMENT, status: 'authorized', amountCaptured }), answer(202, ''));
      const captured = { kind: 'captured', money: { amountMinor: 2_000, currency: 'EUR' } };
      assert.deepEqual(await adapter.capturePayment(CAPTURE), captured);
      assert.equal(seen[1]?.path, '/v2/payments/tr_1/release-authorization');
      assert.equal(seen[1]?.headers['idempotency-key'], 'key-cap_1-release');
      script(answer(200, { ...PAID, amountCaptured }));
      assert.deepEqual(await adapter.capturePayment(CAPTURE), captured);
    }));

  it('tells what mollie says that it captured, and is in doubt when only the rest could not be released', () =>
    inWorld('mollie', async ({ adapter, script }) => {
      const authorized = answer(200, { ...PAYMENT, status: 'authorized' });
      const taken = (value: string) => answer(201, { status: 'succeeded', amount: { currency: 'EUR', value } });
      const refused = (status: number) => answer(status, { status, title: 'Scripted', detail: 'scripted' });
      script(authorized, taken('19.00'), answer(202, ''));
      const money = { amountMinor: 1_900, currency: 'EUR' };
      assert.deepEqual(await adapter.capturePayment(CAPTURE), { kind: 'captured', money });
      for (const status of [400, 401, 429]) {
        script(authorized, taken('20.00'), refused(status));
        const result = await adapter.capturePayment(CAPTURE);
        assert.equal(result.kind, 'in_doubt', JSON.stringify(result));
      }
      script(authorized, answer(201, { status: 'succeeded' }));
      assert.equal((await adapter.capturePayment(CAPTURE)).kind, 'in_doubt');
    }));

  it('makes no refund while there are more than it can look through', () =>
    inWorld('mollie', async ({ adapter, script }) => {
      const next = { href: 'http://psp/v2/payments/tr_1/refunds?from=re_0' };
      script(answer(200, { count: 250, _embedded: { refunds: [] }, _links: { next } }));
      assert.equal((await adapter.refundPayment(REFUND)).kind, 'in_doubt');
    }));

  it('looks for a refund before it makes one', () =>
    inWorld('mollie', async ({ adapter, script, seen }) => {
      const made = { id: 're_1', status: 'pending', metadata: { reference: 'ref_1' } };
      script(NO_REFUNDS, answer(201, made), answer(200, { _embedded: { refunds: [{ ...made, status: 'refunded' }] } }));
      assert.deepEqual(await adapter.refundPayment(REFUND), { kind: 'received', refundReference: 're_1' });
      assert.deepEqual(await adapter.refundPayment(REFUND), { kind: 'refunded', refundReference: 're_1' });
      assert.deepEqual(
        seen.map(({ method }) => method),
        ['GET', 'POST', 'GET'],
      );
      assert.equal(seen[1]?.headers['idempotency-key'], 'key-ref_1');
    }));

  it('may ask again later for a refund that mollie takes for a duplicate, and never for one that it refuses', () =>
    inWorld('mollie', async ({ adapter, script }) => {
      const duplicate = { status: 409, title: 'Conflict', detail: 'A duplicate refund has been detected' };
      const tooMuch = { status: 422, title: 'Unprocessable Entity', detail: 'The specified amount cannot be refunded' };
      script(NO_REFUNDS, answer(409, duplicate), NO_REFUNDS, answer(422, tooMuch));
      const later = await adapter.refundPayment(REFUND);
      assert.ok(later.kind === 'refused' && later.code === 'rate_limited', JSON.stringify(later));
      assert.equal((await adapter.refundPayment(REFUND)).kind, 'rejected');
    }));

  it('tells its world by its key', async () => {
    for (const [apiKey, environment] of [
      ['test_x', 'test'],
      ['live_x', 'live'],
      ['access_x', null],
    ] as const)
      await inWorld(
        'mollie',
        ({ adapter }) => {
          assert.equal(adapter.environment, environment);
          return Promise.resolve();
        },
        { credentials: { apiKey } },
      );
  });
});
