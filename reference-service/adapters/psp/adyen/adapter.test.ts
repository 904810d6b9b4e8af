import assert from 'node:assert/strict';
import { answer, inWorld, paymentAttempt, payoutAttempt, RETURN_URL } from '../test/scripted-psp.ts';
import { AUTHORISED, APPROVED } from './test/objects.ts';

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
});
