import assert from 'node:assert/strict';
import { answer, CREDENTIALS, inWorld, paymentAttempt, RETURN_URL } from '../test/scripted-psp.ts';
import { PAYMENT, CAPTURED, APPROVED } from './test/objects.ts';

describe('acme adapter', () => {
  it('sends amount as decimals, our reference, the mapped token, the key and the return URL', () =>
    inWorld('acme', async ({ adapter, script, seen }) => {
      script(answer(201, CAPTURED));
      assert.deepEqual(
        await adapter.createPayment(paymentAttempt({ token: 'card_3ds' }), { returnUrl: RETURN_URL }),
        APPROVED,
      );
      const [request] = seen;
      assert.ok(request);
      assert.equal(`${request.method} ${request.path}`, 'POST /payments');
      assert.equal(request.headers['authorization'], `Bearer ${CREDENTIALS.acme['apiKey']}`);
      assert.equal(request.headers['idempotency-key'], 'key-att_1');
      assert.deepEqual(JSON.parse(request.body), {
        amount: '50.00',
        currency: 'EUR',
        reference: 'att_1',
        method: 'card',
        token: 'tok_3ds',
        capture: true,
        return_url: RETURN_URL,
      });
    }));

  it('writes currencies without and with three decimals as ISO 4217 counts them', () =>
    inWorld('acme', async ({ adapter, script, seen }) => {
      script(answer(201, { ...CAPTURED, amount: '500', captured_amount: '500', currency: 'JPY' }));
      script(answer(201, { ...CAPTURED, amount: '1.234', captured_amount: '1.234', currency: 'KWD' }));
      const yen = await adapter.createPayment(paymentAttempt({ amountMinor: 500, currency: 'JPY' }), {
        returnUrl: RETURN_URL,
      });
      assert.deepEqual(yen, { ...APPROVED, money: { amountMinor: 500, currency: 'JPY' } });
      const dinar = await adapter.createPayment(paymentAttempt({ amountMinor: 1_234, currency: 'KWD' }), {
        returnUrl: RETURN_URL,
      });
      assert.deepEqual(dinar, { ...APPROVED, money: { amountMinor: 1_234, currency: 'KWD' } });
      assert.deepEqual(
        seen.map(({ body }) => JSON.parse(body).amount),
        ['500', '1.234'],
      );
    }));

  const outcomes: readonly [string, object, object][] = [
    [
      'a challenge',
      { ...PAYMENT, status: 'requires_action', redirect_url: 'http://acs/1' },
      { kind: 'requires_action', pspReference: 'apay_1', redirectUrl: 'http://acs/1' },
    ],
    [
      'a challenge without a URL',
      { ...PAYMENT, status: 'requires_action' },
      { kind: 'pending', pspReference: 'apay_1' },
    ],
    [
      'an authorization without capture',
      { ...PAYMENT, status: 'authorized' },
      { kind: 'authorized', pspReference: 'apay_1', money: { amountMinor: 5_000, currency: 'EUR' } },
    ],
    ['an unknown status', { ...PAYMENT, status: 'under_review' }, { kind: 'pending', pspReference: 'apay_1' }],
    [
      'an issuer decline',
      { ...PAYMENT, status: 'declined', decline_code: 'do_not_honor' },
      { kind: 'declined', pspReference: 'apay_1', code: 'do_not_honor', declineClass: 'issuer' },
    ],
    [
      'a technical decline',
      { ...PAYMENT, status: 'declined', decline_code: 'processing_error' },
      { kind: 'declined', pspReference: 'apay_1', code: 'processing_error', declineClass: 'technical' },
    ],
    [
      'an expired challenge',
      { ...PAYMENT, status: 'expired' },
      { kind: 'declined', pspReference: 'apay_1', code: 'expired', declineClass: 'issuer' },
    ],
    ['a canceled payment', { ...PAYMENT, status: 'canceled' }, { kind: 'canceled', pspReference: 'apay_1' }],
    ['a refunded payment', { ...PAYMENT, status: 'refunded' }, { kind: 'refunded', pspReference: 'apay_1' }],
    ['a capture whose amount cannot be read', { ...CAPTURED, captured_amount: '50.0' }, { ...APPROVED, money: null }],
  ];
  for (const [what, body, expected] of outcomes) {
    it(`reads ${what}`, () =>
      inWorld('acme', async ({ adapter, script }) => {
        script(answer(201, body), answer(200, body), answer(200, { data: [body] }));
        assert.deepEqual(await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL }), expected);
        assert.deepEqual(await adapter.queryPayment(paymentAttempt({ pspReference: 'apay_1' })), expected);
        assert.deepEqual(await adapter.queryPayment(paymentAttempt()), expected);
      }));
  }

  it('is in doubt about an answer that concerns another reference', () =>
    inWorld('acme', async ({ adapter, script }) => {
      script(
        answer(201, { ...CAPTURED, reference: 'att_2' }),
        answer(200, { data: [{ ...CAPTURED, reference: 'att_2' }] }),
      );
      assert.equal((await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL })).kind, 'in_doubt');
      assert.equal((await adapter.queryPayment(paymentAttempt())).kind, 'in_doubt');
    }));

  it('is in doubt when its key was used with another body, or is in flight', () =>
    inWorld('acme', async ({ adapter, script }) => {
      script(
        answer(422, { code: 'idempotency_mismatch', message: '' }),
        answer(409, { code: 'in_flight', message: '' }),
      );
      assert.equal((await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL })).kind, 'in_doubt');
      assert.equal((await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL })).kind, 'in_doubt');
    }));

  it('finds the success among several payments under one reference', () =>
    inWorld('acme', async ({ adapter, script, seen }) => {
      script(
        answer(200, {
          data: [
            { ...PAYMENT, payment_id: 'apay_0', status: 'declined' },
            CAPTURED,
            { ...PAYMENT, payment_id: 'apay_2', status: 'canceled' },
          ],
        }),
      );
      assert.deepEqual(await adapter.queryPayment(paymentAttempt()), APPROVED);
      assert.equal(seen[0]?.path, '/payments?reference=att_1');
    }));

  it('takes an empty list, and a 404 on a known id, for not found; a 404 on the search for nothing', () =>
    inWorld('acme', async ({ adapter, script }) => {
      const missing = answer(404, { code: 'not_found', message: 'No such payment' });
      script(answer(200, { data: [] }), missing, missing);
      assert.deepEqual(await adapter.queryPayment(paymentAttempt()), { kind: 'not_found' });
      assert.deepEqual(await adapter.queryPayment(paymentAttempt({ pspReference: 'apay_1' })), { kind: 'not_found' });
      assert.equal((await adapter.queryPayment(paymentAttempt())).kind, 'refused');
    }));

  const wishes = [
    {
      what: 'an e-wallet',
      more: { method: 'ewallet', token: 'ewallet_ok' },
      sent: { method: 'ewallet', token: 'tok_ok' },
    },
    {
      what: 'a voucher',
      more: { method: 'voucher', token: 'voucher_ok' },
      sent: { method: 'voucher', token: 'tok_ok' },
    },
    { what: 'a transfer', more: { method: 'p2p', token: 'p2p_ok' }, sent: { method: 'p2p', token: 'tok_ok' } },
    { what: 'an authorization', more: { capture: 'manual' }, sent: { capture: false } },
    { what: 'a forced challenge', more: { challenge: 'force' }, sent: { three_ds: 'force' } },
    {
      what: 'no challenge of an e-wallet',
      more: { method: 'ewallet', token: 'tok_ok', challenge: 'force' },
      sent: { three_ds: undefined },
    },
    { what: 'a kept card', more: { storedToken: 'amt_1', token: '' }, sent: { token: 'amt_1' } },
    { what: 'a native token', more: { token: 'tok_mastercard' }, sent: { token: 'tok_mastercard' } },
  ] as const;
  for (const { what, more, sent } of wishes) {
    it(`asks acme for ${what}`, () =>
      inWorld('acme', async ({ adapter, script, seen }) => {
        script(answer(201, CAPTURED));
        await adapter.createPayment(paymentAttempt(more), { returnUrl: RETURN_URL });
        const body = JSON.parse(seen[0]?.body ?? '{}') as Record<string, unknown>;
        for (const [name, value] of Object.entries(sent)) assert.equal(body[name], value, name);
      }));
  }

  const impossible = [
    { method: 'bank', token: 'bank_ok' },
    { method: 'voucher', token: 'voucher_ok', capture: 'manual' },
    { method: 'ewallet', token: 'ewallet_ok', storeMethod: true },
    { token: 'card_of_tomorrow' },
  ] as const;
  for (const more of impossible) {
    it(`refuses ${JSON.stringify(more)} without a call`, () =>
      inWorld('acme', async ({ adapter, seen }) => {
        const result = await adapter.createPayment(paymentAttempt(more), { returnUrl: RETURN_URL });
        assert.ok(result.kind === 'refused' && result.code === 'unsupported', JSON.stringify(result));
        assert.equal(seen.length, 0);
      }));
  }

  it('keeps the card of a payment that was approved, and says so however often it is asked', () =>
    inWorld('acme', async ({ adapter, script, seen }) => {
      const kept = answer(201, { method_token: 'amt_1', brand: 'visa', last4: '4242' });
      script(answer(201, CAPTURED), kept, answer(200, CAPTURED), kept);
      const stored = { token: 'amt_1', brand: 'visa', last4: '4242' };
      const attempt = paymentAttempt({ storeMethod: true, pspReference: 'apay_1' });
      assert.deepEqual(await adapter.createPayment(attempt, { returnUrl: RETURN_URL }), { ...APPROVED, stored });
      assert.deepEqual(await adapter.queryPayment(attempt), { ...APPROVED, stored });
      assert.deepEqual(JSON.parse(seen[1]?.body ?? ''), { customer: 'player-1', token: 'tok_ok' });
      assert.equal(seen[3]?.headers['idempotency-key'], seen[1]?.headers['idempotency-key']);
    }));

  it('reports the payment though its card could not be kept', () =>
    inWorld('acme', async ({ adapter, script }) => {
      script(answer(201, CAPTURED), answer(503, { code: 'unavailable', message: '' }));
      const result = await adapter.createPayment(paymentAttempt({ storeMethod: true }), { returnUrl: RETURN_URL });
      assert.deepEqual(result, APPROVED);
    }));

  it('keeps no card of a payment that was declined', () =>
    inWorld('acme', async ({ adapter, script, seen }) => {
      script(answer(201, { ...PAYMENT, status: 'declined', decline_code: 'do_not_honor' }));
      await adapter.createPayment(paymentAttempt({ storeMethod: true }), { returnUrl: RETURN_URL });
      assert.equal(seen.length, 1);
    }));
});
