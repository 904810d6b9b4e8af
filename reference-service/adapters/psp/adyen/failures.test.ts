import assert from 'node:assert/strict';
import { answer, inWorld, paymentAttempt, payoutAttempt, RETURN_URL } from '../test/scripted-psp.ts';
import { AUTHORISED } from './test/objects.ts';

describe('adyen adapter in trouble', () => {
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
});
