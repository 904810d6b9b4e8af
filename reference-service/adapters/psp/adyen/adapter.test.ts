import assert from 'node:assert/strict';
import { answer, inWorld, paymentAttempt, payoutAttempt, RETURN_URL } from '../test/scripted-psp.ts';

const AUTHORISED = {
  pspReference: 'PSP0000000000001',
  resultCode: 'Authorised',
  merchantReference: 'att_1',
  amount: { currency: 'EUR', value: 5_000 },
};
const APPROVED = { kind: 'approved', pspReference: 'PSP0000000000001', money: { amountMinor: 5_000, currency: 'EUR' } };

describe('adyen adapter', () => {
  it("sends amount in minor units, our reference, Adyen's test card, the key and the return URL", () =>
    inWorld('adyen', async ({ adapter, script, seen }) => {
      script(answer(200, AUTHORISED));
      assert.deepEqual(await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL }), APPROVED);
      const [request] = seen;
      assert.ok(request);
      assert.equal(`${request.method} ${request.path}`, 'POST /v72/payments');
      assert.equal(request.headers['x-api-key'], 'AQE_test');
      assert.equal(request.headers['idempotency-key'], 'key-att_1');
      assert.deepEqual(JSON.parse(request.body), {
        amount: { currency: 'EUR', value: 5_000 },
        merchantAccount: 'TestMerchant',
        reference: 'att_1',
        returnUrl: RETURN_URL,
        shopperReference: 'player-1',
        paymentMethod: {
          type: 'scheme',
          holderName: 'APPROVED',
          encryptedCardNumber: 'test_4111111145551142',
          encryptedExpiryMonth: 'test_03',
          encryptedExpiryYear: 'test_2030',
          encryptedSecurityCode: 'test_737',
        },
      });
    }));

  it('sends byte for byte the same request again: repeating is its only question', () =>
    inWorld('adyen', async ({ adapter, script, seen }) => {
      script(answer(200, AUTHORISED), answer(200, AUTHORISED));
      assert.equal(adapter.capabilities.statusQuery, false);
      await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL });
      await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL });
      assert.deepEqual(seen[0], seen[1]);
      assert.equal((await adapter.queryPayment(paymentAttempt())).kind, 'refused');
      assert.equal((await adapter.queryPayout(payoutAttempt())).kind, 'refused');
    }));

  it('maps every neutral token to a card and a wish for authentication', () =>
    inWorld('adyen', async ({ adapter, script, seen }) => {
      const tokens = [
        'card_declined',
        'card_insufficient_funds',
        'card_3ds',
        'card_3ds_frictionless',
        'card_3ds_declined',
        'stored-at-adyen',
      ];
      for (const token of tokens) {
        script(answer(200, AUTHORISED));
        await adapter.createPayment(paymentAttempt({ token }), { returnUrl: RETURN_URL });
      }
      const sent = seen.map(({ body }) => JSON.parse(body));
      assert.deepEqual(
        sent.map(({ paymentMethod, authenticationData }) => [
          paymentMethod.encryptedCardNumber,
          paymentMethod.holderName,
          authenticationData?.attemptAuthentication,
        ]),
        [
          ['test_4111111145551142', 'DECLINED', undefined],
          ['test_4111111145551142', 'NOT_ENOUGH_BALANCE', undefined],
          ['test_5454545454545454', 'APPROVED', 'always'],
          ['test_4111111145551142', 'APPROVED', 'always'],
          ['test_5454545454545454', 'DECLINED', 'always'],
          [undefined, undefined, undefined],
        ],
      );
      assert.deepEqual(sent[5].paymentMethod, { type: 'scheme', storedPaymentMethodId: 'stored-at-adyen' });
    }));

  const redirect = { type: 'redirect', method: 'GET', url: 'http://acs/1', paymentMethodType: 'scheme' };
  const pending = { kind: 'pending', pspReference: 'PSP0000000000001' };
  const outcomes: readonly [string, object, object][] = [
    [
      "a redirect without a reference of Adyen's",
      { resultCode: 'RedirectShopper', action: redirect },
      { kind: 'requires_action', pspReference: null, redirectUrl: 'http://acs/1' },
    ],
    [
      'a redirect by form',
      { ...AUTHORISED, resultCode: 'RedirectShopper', action: { ...redirect, method: 'POST' } },
      pending,
    ],
    ['a redirect without an action', { ...AUTHORISED, resultCode: 'RedirectShopper' }, pending],
    [
      'native 3DS',
      { ...AUTHORISED, resultCode: 'ChallengeShopper', action: { type: 'threeDS2', subtype: 'challenge', token: 'x' } },
      pending,
    ],
    ['Received', { ...AUTHORISED, resultCode: 'Received' }, pending],
    ['Pending', { ...AUTHORISED, resultCode: 'Pending' }, pending],
    ['a partial authorization', { ...AUTHORISED, resultCode: 'PartiallyAuthorised' }, pending],
    ['an unknown result', { ...AUTHORISED, resultCode: 'SomethingNew' }, pending],
    ['Cancelled', { ...AUTHORISED, resultCode: 'Cancelled' }, { kind: 'canceled', pspReference: 'PSP0000000000001' }],
    [
      'an issuer refusal',
      { ...AUTHORISED, resultCode: 'Refused', refusalReason: 'Not enough balance', refusalReasonCode: '12' },
      { kind: 'declined', pspReference: 'PSP0000000000001', code: 'Not enough balance', declineClass: 'issuer' },
    ],
    [
      'an unavailable issuer',
      { ...AUTHORISED, resultCode: 'Refused', refusalReason: 'Issuer Unavailable', refusalReasonCode: '9' },
      { kind: 'declined', pspReference: 'PSP0000000000001', code: 'Issuer Unavailable', declineClass: 'technical' },
    ],
    [
      'an acquirer error',
      { ...AUTHORISED, resultCode: 'Error', refusalReason: 'Acquirer Error', refusalReasonCode: '4' },
      { kind: 'declined', pspReference: 'PSP0000000000001', code: 'Acquirer Error', declineClass: 'technical' },
    ],
    [
      'a soft decline',
      { ...AUTHORISED, resultCode: 'Refused', refusalReason: 'Authentication required', refusalReasonCode: '38' },
      { kind: 'declined', pspReference: 'PSP0000000000001', code: 'authentication_required', declineClass: 'issuer' },
    ],
    [
      'an approval that kept the card',
      {
        ...AUTHORISED,
        additionalData: { 'recurring.recurringDetailReference': 'STORED1', paymentMethod: 'visa', cardSummary: '1142' },
      },
      { ...APPROVED, stored: { token: 'STORED1', brand: 'visa', last4: '1142' } },
    ],
    ['an approval without an amount', { ...AUTHORISED, amount: undefined }, { ...APPROVED, money: null }],
  ];
  for (const [what, body, expected] of outcomes) {
    it(`reads ${what}`, () =>
      inWorld('adyen', async ({ adapter, script }) => {
        script(answer(200, body));
        assert.deepEqual(await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL }), expected);
      }));
  }

  it('hands in the redirect result with a key of its own, stable per result', () =>
    inWorld('adyen', async ({ adapter, script, seen }) => {
      assert.ok(adapter.submitReturn);
      for (const redirectResult of ['first', 'first', 'second']) {
        script(answer(200, AUTHORISED));
        assert.deepEqual(await adapter.submitReturn(paymentAttempt(), { redirectResult, other: 'ignored' }), APPROVED);
      }
      assert.equal(seen[0]?.path, '/v72/payments/details');
      assert.deepEqual(JSON.parse(seen[0]?.body ?? ''), { details: { redirectResult: 'first' } });
      const keys = seen.map(({ headers }) => headers['idempotency-key']);
      assert.equal(keys[0], keys[1]);
      assert.equal(new Set([...keys, 'key-att_1']).size, 3);
      assert.equal((await adapter.submitReturn(paymentAttempt(), {})).kind, 'refused');
    }));

  it("keeps derived keys within Adyen's 64 characters", () =>
    inWorld('adyen', async ({ adapter, script, seen }) => {
      script(answer(201, { status: 'received', pspReference: 'MOD1' }));
      await adapter.cancelPayment(paymentAttempt({ idempotencyKey: 'k'.repeat(64) }));
      assert.equal(seen[0]?.headers['idempotency-key']?.length, 64);
      assert.notEqual(seen[0]?.headers['idempotency-key'], 'k'.repeat(64));
    }));

  it('is in doubt when the key is in use, when Adyen says transient, or about another reference', () =>
    inWorld('adyen', async ({ adapter, script }) => {
      script(
        answer(422, {
          status: 422,
          errorCode: '704',
          message: 'request already processed or in progress',
          errorType: 'validation',
        }),
        answer(
          422,
          { status: 422, errorCode: '100', message: '', errorType: 'validation' },
          { 'transient-error': 'true' },
        ),
        answer(200, { ...AUTHORISED, merchantReference: 'att_2' }),
        answer(200, { ...AUTHORISED, pspReference: undefined }),
        answer(200, { ...AUTHORISED, merchantReference: undefined }),
      );
      for (let i = 0; i < 5; i += 1)
        assert.equal((await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL })).kind, 'in_doubt');
    }));

  it('is refused by a rate limit, although Adyen calls that transient too', () =>
    inWorld('adyen', async ({ adapter, script }) => {
      script(
        answer(
          429,
          { status: 429, errorCode: '000', message: 'Too many requests', errorType: 'security' },
          { 'transient-error': 'true' },
        ),
      );
      const result = await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL });
      assert.ok(result.kind === 'refused' && result.code === 'rate_limited', JSON.stringify(result));
    }));

  it('refuses by itself what Adyen cannot express', () =>
    inWorld('adyen', async ({ adapter, seen }) => {
      assert.equal(
        (
          await adapter.createPayment(paymentAttempt({ currency: 'IDR', amountMinor: 1_050 }), {
            returnUrl: RETURN_URL,
          })
        ).kind,
        'refused',
      );
      assert.equal(seen.length, 0);
    }));

  it("cancels by Adyen's reference, or by ours when Adyen's never came", () =>
    inWorld('adyen', async ({ adapter, script, seen }) => {
      const received = answer(201, { status: 'received', pspReference: 'MOD1' });
      script(received, received, answer(404, { status: 404, errorCode: '000', message: 'No payment' }));
      assert.deepEqual(await adapter.cancelPayment(paymentAttempt({ pspReference: 'PSP1' })), { kind: 'received' });
      assert.deepEqual(await adapter.cancelPayment(paymentAttempt()), { kind: 'received' });
      assert.deepEqual(await adapter.cancelPayment(paymentAttempt()), { kind: 'not_found' });
      assert.deepEqual(
        seen.slice(0, 2).map(({ path }) => path),
        ['/v72/payments/PSP1/cancels', '/v72/cancels'],
      );
      assert.deepEqual(JSON.parse(seen[1]?.body ?? ''), {
        merchantAccount: 'TestMerchant',
        paymentReference: 'att_1',
        reference: 'att_1',
      });
    }));

  it("refunds with the refund's own reference and key", () =>
    inWorld('adyen', async ({ adapter, script, seen }) => {
      const refund = {
        refundId: 'ref_1',
        attemptId: 'att_1',
        pspReference: 'PSP1',
        idempotencyKey: 'key-ref_1',
        amountMinor: 1_250,
        currency: 'EUR',
      };
      script(answer(201, { status: 'received', pspReference: 'MOD2' }));
      assert.deepEqual(await adapter.refundPayment(refund), { kind: 'received', refundReference: 'MOD2' });
      assert.equal(seen[0]?.path, '/v72/payments/PSP1/refunds');
      assert.deepEqual(JSON.parse(seen[0]?.body ?? ''), {
        amount: { currency: 'EUR', value: 1_250 },
        merchantAccount: 'TestMerchant',
        reference: 'ref_1',
      });
      assert.equal(seen[0]?.headers['idempotency-key'], 'key-ref_1');
    }));

  it('pays out to the test card, marked when it shall fail, and believes no answer but a refusal', () =>
    inWorld('adyen', async ({ adapter, script, seen }) => {
      const kinds = [];
      for (const resultCode of ['Received', 'Authorised', 'SomethingNew', 'Refused', 'Error', 'Cancelled']) {
        script(answer(200, { pspReference: 'PO1', resultCode }));
        kinds.push((await adapter.createPayout(payoutAttempt({ destinationToken: 'card_payout_fail' }))).kind);
      }
      assert.deepEqual(kinds, ['pending', 'pending', 'pending', 'failed', 'failed', 'failed']);
      assert.equal(seen[0]?.path, '/pal/servlet/Payout/v68/payout');
      const sent = JSON.parse(seen[0]?.body ?? '');
      assert.equal(sent.card.number, '4111111145551142');
      assert.equal(sent.shopperName.lastName, 'assay_outcome=fail');
      assert.equal(sent.reference, 'pot_1');
    }));

  it("keeps the SDK's own hosts when it is pointed at Adyen itself", () =>
    inWorld(
      'adyen',
      async ({ adapter }) => {
        const payment = await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL });
        const payout = await adapter.createPayout(payoutAttempt());
        assert.ok(
          payment.kind === 'not_reached' && payment.reason.includes('https://checkout-test.adyen.com/v72/payments'),
          JSON.stringify(payment),
        );
        assert.ok(
          payout.kind === 'not_reached' &&
            payout.reason.includes('https://pal-test.adyen.com/pal/servlet/Payout/v68/payout'),
          JSON.stringify(payout),
        );
      },
      { baseUrl: 'https://checkout-test.adyen.com' },
    ));

  const wishes = [
    { what: 'an authorization', more: { capture: 'manual' }, sent: { additionalData: { manualCapture: 'true' } } },
    {
      what: 'a forced challenge',
      more: { challenge: 'force' },
      sent: { authenticationData: { attemptAuthentication: 'always' } },
    },
    {
      what: 'a card to be kept',
      more: { storeMethod: true },
      sent: { storePaymentMethod: true, recurringProcessingModel: 'CardOnFile', shopperInteraction: 'Ecommerce' },
    },
    {
      what: 'a kept card',
      more: { storedToken: 'STORED1', token: '' },
      sent: {
        paymentMethod: { type: 'scheme', storedPaymentMethodId: 'STORED1' },
        recurringProcessingModel: 'CardOnFile',
        shopperInteraction: 'ContAuth',
        authenticationData: undefined,
      },
    },
    {
      what: 'a kept card with a forced challenge',
      more: { storedToken: 'STORED1', challenge: 'force' },
      sent: { shopperInteraction: 'Ecommerce', authenticationData: { attemptAuthentication: 'always' } },
    },
  ] as const;
  for (const { what, more, sent } of wishes) {
    it(`asks Adyen for ${what}`, () =>
      inWorld('adyen', async ({ adapter, script, seen }) => {
        script(answer(200, AUTHORISED));
        await adapter.createPayment(paymentAttempt(more), { returnUrl: RETURN_URL });
        const body = JSON.parse(seen[0]?.body ?? '{}') as Record<string, unknown>;
        for (const [name, value] of Object.entries(sent)) assert.deepEqual(body[name], value, name);
      }));
  }

  it('challenges with a card that can be challenged', () =>
    inWorld('adyen', async ({ adapter, script, seen }) => {
      script(answer(200, AUTHORISED));
      await adapter.createPayment(paymentAttempt({ challenge: 'force' }), { returnUrl: RETURN_URL });
      assert.match(seen[0]?.body ?? '', /"encryptedCardNumber":"test_5454545454545454"/);
    }));

  it('calls what is authorized authorized when it was to be captured by hand', () =>
    inWorld('adyen', async ({ adapter, script }) => {
      const attempt = paymentAttempt({ capture: 'manual' });
      script(answer(200, AUTHORISED), answer(200, AUTHORISED));
      const authorized = { ...APPROVED, kind: 'authorized' };
      assert.deepEqual(await adapter.createPayment(attempt, { returnUrl: RETURN_URL }), authorized);
      assert.deepEqual(await adapter.submitReturn?.(attempt, { redirectResult: 'x' }), authorized);
    }));

  it('refuses other methods than cards, and neutral tokens without a test card, without a call', () =>
    inWorld('adyen', async ({ adapter, seen }) => {
      for (const more of [{ method: 'bank' as const }, { token: 'card_of_tomorrow' }]) {
        const result = await adapter.createPayment(paymentAttempt(more), { returnUrl: RETURN_URL });
        assert.ok(result.kind === 'refused' && result.code === 'unsupported', JSON.stringify(result));
      }
      assert.equal(
        (await adapter.createPayout(payoutAttempt({ destinationToken: 'card_payout_maybe' }))).kind,
        'refused',
      );
      assert.equal(seen.length, 0);
    }));

  it('has a capture received, refused, or in doubt', () =>
    inWorld('adyen', async ({ adapter, script, seen }) => {
      const capture = {
        attemptId: 'att_1',
        paymentId: 'pay_1',
        pspReference: 'PSP1',
        idempotencyKey: 'key-capture',
        amountMinor: 3_000,
        currency: 'EUR',
      };
      const problem = (status: number, errorCode: string) =>
        answer(status, { status, errorCode, message: 'scripted', errorType: 'validation' });
      script(
        answer(201, { status: 'received', pspReference: 'MOD1' }),
        problem(422, '167'),
        problem(404, '000'),
        problem(422, '704'),
        answer(201, { pspReference: 'MOD1' }),
      );
      const kinds = [];
      for (let i = 0; i < 5; i += 1) kinds.push((await adapter.capturePayment(capture)).kind);
      assert.deepEqual(kinds, ['received', 'rejected', 'not_found', 'in_doubt', 'in_doubt']);
      assert.equal(seen[0]?.path, '/v72/payments/PSP1/captures');
      assert.deepEqual(JSON.parse(seen[0].body), {
        amount: { currency: 'EUR', value: 3_000 },
        merchantAccount: 'TestMerchant',
        reference: 'att_1',
      });
      assert.equal(seen[0].headers['idempotency-key'], 'key-capture');
    }));
});
