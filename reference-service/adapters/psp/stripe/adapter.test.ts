import assert from 'node:assert/strict';
import { answer, inWorld, paymentAttempt, payoutAttempt, RETURN_URL } from '../test/scripted-psp.ts';
import { INTENT, SUCCEEDED, APPROVED, stripeError } from './test/objects.ts';

describe('stripe adapter', () => {
  it('creates and confirms one PaymentIntent, with our reference in the metadata', () =>
    inWorld('stripe', async ({ adapter, script, seen }) => {
      script(answer(200, SUCCEEDED));
      assert.deepEqual(await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL }), APPROVED);
      const [request] = seen;
      assert.ok(request);
      assert.equal(`${request.method} ${request.path}`, 'POST /v1/payment_intents');
      assert.equal(request.headers['authorization'], 'Bearer sk_test_current');
      assert.equal(request.headers['idempotency-key'], 'key-att_1');
      assert.deepEqual(Object.fromEntries(new URLSearchParams(request.body)), {
        amount: '5000',
        currency: 'eur',
        'allowed_payment_method_types[0]': 'card',
        payment_method: 'pm_card_visa',
        confirm: 'true',
        capture_method: 'automatic',
        return_url: RETURN_URL,
        'metadata[reference]': 'att_1',
        'metadata[payment_id]': 'pay_1',
        'metadata[player_id]': 'player-1',
        'expand[0]': 'latest_charge',
      });
    }));

  it('sends byte for byte the same request again, and nothing about this machine', () =>
    inWorld('stripe', async ({ adapter, script, seen }) => {
      script(answer(200, SUCCEEDED, { 'stripe-notice': 'hello' }), answer(200, SUCCEEDED));
      await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL });
      await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL });
      assert.deepEqual(seen[0], seen[1]);
      assert.deepEqual(
        Object.keys(seen[0]?.headers ?? {}).filter((name) => name.startsWith('x-stripe')),
        [],
      );
      assert.match(seen[0]?.headers['user-agent'] ?? '', /^Stripe\/v1 NodeBindings\/[0-9.]+$/);
    }));

  const charged = { amount: 5_000, amount_received: 5_000 };
  const outcomes: readonly [string, object, object][] = [
    [
      'a challenge',
      {
        ...INTENT,
        status: 'requires_action',
        next_action: { type: 'redirect_to_url', redirect_to_url: { url: 'http://acs/1', return_url: RETURN_URL } },
      },
      { kind: 'requires_action', pspReference: 'pi_1', redirectUrl: 'http://acs/1' },
    ],
    [
      'an action that is no redirect',
      { ...INTENT, status: 'requires_action', next_action: { type: 'use_stripe_sdk', use_stripe_sdk: {} } },
      { kind: 'pending', pspReference: 'pi_1' },
    ],
    ['processing', { ...INTENT, status: 'processing' }, { kind: 'pending', pspReference: 'pi_1' }],
    [
      'an authorization without capture',
      { ...INTENT, status: 'requires_capture', amount_capturable: 5_000 },
      { kind: 'authorized', pspReference: 'pi_1', money: { amountMinor: 5_000, currency: 'EUR' } },
    ],
    ['an unknown status', { ...INTENT, status: 'under_review' }, { kind: 'pending', pspReference: 'pi_1' }],
    [
      'waiting for a payment method without an error',
      { ...INTENT, status: 'requires_payment_method' },
      { kind: 'pending', pspReference: 'pi_1' },
    ],
    [
      'a failed authentication',
      {
        ...INTENT,
        status: 'requires_payment_method',
        last_payment_error: { code: 'payment_intent_authentication_failure' },
      },
      { kind: 'declined', pspReference: 'pi_1', code: 'payment_intent_authentication_failure', declineClass: 'issuer' },
    ],
    ['a canceled payment', { ...INTENT, status: 'canceled' }, { kind: 'canceled', pspReference: 'pi_1' }],
    [
      'a refunded payment',
      { ...SUCCEEDED, latest_charge: { id: 'ch_1', refunded: true } },
      { kind: 'refunded', pspReference: 'pi_1' },
    ],
    [
      'a partly refunded payment',
      { ...SUCCEEDED, latest_charge: { id: 'ch_1', refunded: false, amount_refunded: 100 } },
      APPROVED,
    ],
    [
      'less received than asked for',
      { ...SUCCEEDED, ...charged, amount_received: 4_000 },
      { ...APPROVED, money: { amountMinor: 4_000, currency: 'EUR' } },
    ],
  ];
  for (const [what, intent, expected] of outcomes) {
    it(`reads ${what}`, () =>
      inWorld('stripe', async ({ adapter, script }) => {
        script(
          answer(200, intent),
          answer(200, intent),
          answer(200, { object: 'search_result', data: [{ id: 'pi_1' }] }),
          answer(200, intent),
        );
        assert.deepEqual(await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL }), expected);
        assert.deepEqual(await adapter.queryPayment(paymentAttempt({ pspReference: 'pi_1' })), expected);
        assert.deepEqual(await adapter.queryPayment(paymentAttempt()), expected);
      }));
  }

  const declines: readonly [object, object][] = [
    [
      { code: 'card_declined', decline_code: 'generic_decline' },
      { code: 'generic_decline', declineClass: 'issuer' },
    ],
    [
      { code: 'card_declined', decline_code: 'insufficient_funds' },
      { code: 'insufficient_funds', declineClass: 'issuer' },
    ],
    [{ code: 'expired_card' }, { code: 'expired_card', declineClass: 'issuer' }],
    [{ code: 'processing_error' }, { code: 'processing_error', declineClass: 'technical' }],
    [
      { code: 'card_declined', decline_code: 'issuer_not_available' },
      { code: 'issuer_not_available', declineClass: 'technical' },
    ],
  ];
  for (const [error, expected] of declines) {
    it(`reads the card error ${JSON.stringify(error)}`, () =>
      inWorld('stripe', async ({ adapter, script }) => {
        script(
          stripeError(402, {
            type: 'card_error',
            ...error,
            payment_intent: { ...INTENT, status: 'requires_payment_method' },
          }),
        );
        const result = await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL });
        assert.deepEqual(result, { kind: 'declined', pspReference: 'pi_1', ...expected });
      }));
  }

  it('is in doubt when Stripe says that its key is used otherwise', () =>
    inWorld('stripe', async ({ adapter, script }) => {
      script(
        stripeError(409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }),
        stripeError(409, { type: 'invalid_request_error', code: 'idempotency_key_in_use' }),
        stripeError(400, { type: 'idempotency_error' }),
      );
      for (let i = 0; i < 3; i += 1)
        assert.equal((await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL })).kind, 'in_doubt');
    }));

  it('is refused by a lock time-out and by the old form of a rate limit', () =>
    inWorld('stripe', async ({ adapter, script }) => {
      script(
        stripeError(429, { type: 'invalid_request_error', code: 'lock_timeout' }),
        stripeError(400, { type: 'invalid_request_error', code: 'rate_limit' }),
      );
      for (let i = 0; i < 2; i += 1) {
        const result = await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL });
        assert.ok(result.kind === 'refused' && result.code === 'rate_limited', JSON.stringify(result));
      }
    }));

  it('is in doubt about an error in an answer with status 200, and about another reference', () =>
    inWorld('stripe', async ({ adapter, script }) => {
      script(
        stripeError(200, { type: 'api_error' }),
        answer(200, { ...SUCCEEDED, metadata: { reference: 'att_2' } }),
        answer(200, { ...SUCCEEDED, metadata: {} }),
      );
      for (let i = 0; i < 3; i += 1)
        assert.equal((await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL })).kind, 'in_doubt');
    }));

  it('refuses by itself what Stripe cannot express', () =>
    inWorld('stripe', async ({ adapter, seen }) => {
      assert.equal(
        (
          await adapter.createPayment(paymentAttempt({ currency: 'KWD', amountMinor: 1_234 }), {
            returnUrl: RETURN_URL,
          })
        ).kind,
        'refused',
      );
      assert.equal(seen.length, 0);
    }));

  const wishes = [
    { what: 'an authorization', more: { capture: 'manual' }, sent: { capture_method: 'manual' } },
    {
      what: 'a forced challenge',
      more: { challenge: 'force' },
      sent: {
        payment_method: 'pm_card_threeDSecureOptional',
        'payment_method_options[card][request_three_d_secure]': 'challenge',
      },
    },
    {
      what: 'a soft decline',
      more: { token: 'card_soft_decline' },
      sent: { payment_method: 'pm_card_authenticationRequired', error_on_requires_action: 'true' },
    },
    {
      what: 'the challenge after a soft decline',
      more: { token: 'card_soft_decline', challenge: 'force' },
      sent: { payment_method: 'pm_card_authenticationRequired', error_on_requires_action: null },
    },
    {
      what: 'a kept card',
      more: { storedToken: 'cus_1:pm_1', token: '' },
      sent: { customer: 'cus_1', payment_method: 'pm_1', setup_future_usage: null },
    },
    { what: 'a native token', more: { token: 'card_1NvTq2AbC' }, sent: { payment_method: 'card_1NvTq2AbC' } },
  ] as const;
  for (const { what, more, sent } of wishes) {
    it(`asks Stripe for ${what}`, () =>
      inWorld('stripe', async ({ adapter, script, seen }) => {
        script(answer(200, SUCCEEDED));
        await adapter.createPayment(paymentAttempt(more), { returnUrl: RETURN_URL });
        const body = new URLSearchParams(seen[0]?.body);
        for (const [name, value] of Object.entries(sent)) assert.equal(body.get(name), value, name);
      }));
  }

  it('refuses other methods than cards, and neutral tokens without a test value, without a call', () =>
    inWorld('stripe', async ({ adapter, seen }) => {
      for (const more of [{ method: 'ewallet' as const }, { token: 'card_of_tomorrow' }]) {
        const result = await adapter.createPayment(paymentAttempt(more), { returnUrl: RETURN_URL });
        assert.ok(result.kind === 'refused' && result.code === 'unsupported', JSON.stringify(result));
      }
      for (const destinationToken of ['card_payout_maybe', 'ewallet_payout_ok'])
        assert.equal((await adapter.createPayout(payoutAttempt({ destinationToken }))).kind, 'refused');
      assert.equal(seen.length, 0);
    }));

  it('keeps a card for a customer of its own, and names both as one token', () =>
    inWorld('stripe', async ({ adapter, script, seen }) => {
      const kept = {
        ...SUCCEEDED,
        customer: 'cus_1',
        payment_method: 'pm_1',
        setup_future_usage: 'on_session',
        latest_charge: { id: 'ch_1', payment_method_details: { card: { brand: 'visa', last4: '4242' } } },
      };
      script(answer(200, { id: 'cus_1' }), answer(200, kept), answer(200, kept));
      const stored = { token: 'cus_1:pm_1', brand: 'visa', last4: '4242' };
      const attempt = paymentAttempt({ storeMethod: true, pspReference: 'pi_1' });
      assert.deepEqual(await adapter.createPayment(attempt, { returnUrl: RETURN_URL }), { ...APPROVED, stored });
      assert.deepEqual(await adapter.queryPayment(attempt), { ...APPROVED, stored });
      const body = new URLSearchParams(seen[1]?.body);
      assert.deepEqual([body.get('customer'), body.get('setup_future_usage')], ['cus_1', 'on_session']);
      assert.notEqual(seen[0]?.headers['idempotency-key'], seen[1]?.headers['idempotency-key']);
    }));

  it('sends no payment when the customer could not be made', () =>
    inWorld('stripe', async ({ adapter, script, seen }) => {
      script(stripeError(500, { type: 'api_error' }), answer(200, {}));
      const attempt = paymentAttempt({ storeMethod: true });
      for (let i = 0; i < 2; i += 1)
        assert.equal((await adapter.createPayment(attempt, { returnUrl: RETURN_URL })).kind, 'in_doubt');
      assert.ok(seen.every(({ path }) => path === '/v1/customers'));
    }));
});
