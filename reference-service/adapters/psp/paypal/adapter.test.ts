import assert from 'node:assert/strict';
import {
  answer,
  exampleCapture,
  exampleRefund,
  inWorld,
  paymentAttempt,
  payoutAttempt,
  RETURN_URL,
} from '../test/scripted-psp.ts';
import {
  TOKEN,
  UNIT,
  ORDER,
  paidBy,
  CAPTURE,
  CAPTURED,
  APPROVED,
  KNOWN,
  WALLET,
  link,
  paypalError,
} from './test/objects.ts';

describe('paypal adapter', () => {
  it('charges a card with one order that carries our reference, and nothing about this machine', () =>
    inWorld('paypal', async ({ adapter, script, seen }) => {
      script(TOKEN, answer(201, CAPTURED));
      assert.deepEqual(await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL }), APPROVED);
      const [token, request] = seen;
      assert.equal(`${token?.method} ${token?.path}`, 'POST /v1/oauth2/token');
      assert.equal(token?.headers['authorization'], `Basic ${Buffer.from('AClient:ESecret').toString('base64')}`);
      assert.equal(`${request?.method} ${request?.path}`, 'POST /v2/checkout/orders');
      assert.deepEqual(
        ['authorization', 'paypal-request-id', 'prefer', 'user-agent'].map((name) => request?.headers[name]),
        ['Bearer A21AA', 'key-att_1', 'return=representation', undefined],
      );
      assert.deepEqual(JSON.parse(request?.body ?? ''), {
        intent: 'CAPTURE',
        purchase_units: [{ custom_id: 'att_1', invoice_id: 'att_1', amount: { currency_code: 'EUR', value: '50.00' } }],
        payment_source: {
          card: {
            number: '4012888888881881',
            name: 'Ada Example',
            expiry: '2035-12',
            security_code: '123',
            attributes: { verification: { method: 'SCA_WHEN_REQUIRED' } },
            experience_context: { return_url: RETURN_URL, cancel_url: RETURN_URL },
          },
        },
      });
    }));

  it('sends a payer to his page, and keeps the account when asked to', () =>
    inWorld('paypal', async ({ adapter, script, seen }) => {
      const links = [link('self', 'https://x/1'), link('payer-action', 'https://www.paypal.com/checkoutnow?token=5O1')];
      script(TOKEN, answer(200, { ...ORDER, status: 'PAYER_ACTION_REQUIRED', links }));
      const attempt = paymentAttempt({ ...WALLET, storeMethod: true, capture: 'manual' });
      assert.deepEqual(await adapter.createPayment(attempt, { returnUrl: RETURN_URL }), {
        kind: 'requires_action',
        pspReference: '5O1',
        redirectUrl: 'https://www.paypal.com/checkoutnow?token=5O1',
      });
      const body = JSON.parse(seen[1]?.body ?? '') as Record<string, unknown>;
      assert.equal(body['intent'], 'AUTHORIZE');
      assert.deepEqual(body['payment_source'], {
        paypal: {
          experience_context: {
            return_url: RETURN_URL,
            cancel_url: RETURN_URL,
            shipping_preference: 'NO_SHIPPING',
            user_action: 'PAY_NOW',
          },
          attributes: { vault: { store_in_vault: 'ON_SUCCESS', usage_type: 'MERCHANT' } },
        },
      });
    }));

  it('reads an answer that the SDK does not know', () =>
    inWorld('paypal', async ({ adapter, script }) => {
      script(
        TOKEN,
        answer(200, { ...CAPTURED, payment_source: { card: 'a text' }, create_time: 7, status: 'COMPLETED' }),
      );
      assert.deepEqual(await adapter.queryPayment(KNOWN), APPROVED);
    }));

  const capture = (status: string, more: object = {}) => paidBy({ captures: [{ ...CAPTURE, status, ...more }] });
  const authorization = (status: string) => paidBy({ authorizations: [{ id: '0AW', status, amount: UNIT.amount }] });
  const money = { amountMinor: 5_000, currency: 'EUR' };
  const reports: readonly [string, object, object][] = [
    ['a part given back', capture('PARTIALLY_REFUNDED'), APPROVED],
    ['all given back', capture('REFUNDED'), { kind: 'refunded', pspReference: '5O1' }],
    ['a capture under review', capture('PENDING'), { kind: 'pending', pspReference: '5O1' }],
    ['a capture of an unknown state', capture('ODD'), { kind: 'pending', pspReference: '5O1' }],
    [
      'a declined card in a completed order',
      capture('DECLINED', { processor_response: { response_code: '9500' } }),
      { kind: 'declined', pspReference: '5O1', code: '9500', declineClass: 'issuer' },
    ],
    [
      'an issuer that cannot be reached',
      capture('DECLINED', { processor_response: { response_code: '5920' } }),
      { kind: 'declined', pspReference: '5O1', code: '5920', declineClass: 'technical' },
    ],
    ['an authorization', authorization('CREATED'), { kind: 'authorized', pspReference: '5O1', money }],
    ['a voided authorization', authorization('VOIDED'), { kind: 'canceled', pspReference: '5O1' }],
    ['a pending authorization', authorization('PENDING'), { kind: 'pending', pspReference: '5O1' }],
    [
      'several captures',
      paidBy({ captures: [CAPTURE, { ...CAPTURE, id: '3C7', amount: { currency_code: 'EUR', value: '2.50' } }] }),
      { ...APPROVED, money: { amountMinor: 5_250, currency: 'EUR' } },
    ],
    ['an order that ran out', { ...ORDER, status: 'VOIDED' }, { kind: 'canceled', pspReference: '5O1' }],
    ['a saved order', { ...ORDER, status: 'SAVED' }, { kind: 'pending', pspReference: '5O1' }],
  ];
  for (const [what, order, report] of reports)
    it(`reads ${what}`, () =>
      inWorld('paypal', async ({ adapter, script }) => {
        script(TOKEN, answer(200, order));
        assert.deepEqual(await adapter.queryPayment(KNOWN), report);
      }));

  describe('an order that the payer has approved', () => {
    const APPROVAL = { ...ORDER, status: 'APPROVED' };

    it('is completed under a key of its own, the same every time', () =>
      inWorld('paypal', async ({ adapter, script, seen }) => {
        script(TOKEN, answer(200, APPROVAL), answer(201, CAPTURED), answer(200, APPROVAL), answer(200, CAPTURED));
        assert.deepEqual(await adapter.submitReturn?.(KNOWN, { token: '5O1', PayerID: 'P1' }), APPROVED);
        assert.deepEqual(await adapter.queryPayment(KNOWN), APPROVED);
        const completions = seen.filter(({ method }) => method === 'POST').slice(1);
        assert.deepEqual(
          completions.map(({ path, headers }) => [path, headers['paypal-request-id']]),
          Array.from({ length: 2 }, () => ['/v2/checkout/orders/5O1/capture', 'key-att_1-capture']),
        );
      }));

    const answers: readonly [string, Parameters<typeof answer>, string][] = [
      ['refuses the account', [422, 'INSTRUMENT_DECLINED'], 'declined'],
      ['wants the payer again', [422, 'PAYER_ACTION_REQUIRED'], 'requires_action'],
      ['has not seen the approval yet', [422, 'ORDER_NOT_APPROVED'], 'pending'],
      ['is working on it', [409, 'PREVIOUS_REQUEST_IN_PROGRESS'], 'in_doubt'],
      ['knows the invoice', [422, 'DUPLICATE_INVOICE_ID'], 'in_doubt'],
      ['cannot say', [500, 'INTERNAL_SERVICE_ERROR'], 'in_doubt'],
      ['refuses the request', [422, 'SOMETHING_ELSE'], 'refused'],
    ];
    for (const [what, [status, issue], kind] of answers)
      it(`is ${kind} when PayPal ${what}`, () =>
        inWorld('paypal', async ({ adapter, script }) => {
          script(
            TOKEN,
            answer(200, APPROVAL),
            paypalError(status, String(issue), [link('payer-action', 'https://p/1')]),
          );
          assert.equal((await adapter.queryPayment(KNOWN)).kind, kind);
        }));

    for (const [what, ...steps] of [
      ['the completion is refused', paypalError(403, 'PERMISSION_DENIED')],
      ['the completion is limited', paypalError(429, 'RATE_LIMIT_REACHED')],
      [
        'the order cannot be read again',
        paypalError(422, 'ORDER_ALREADY_CAPTURED'),
        paypalError(404, 'INVALID_RESOURCE_ID'),
      ],
    ] as const)
      it(`leaves its creation in doubt when ${what}: whoever asks about it may complete it later`, () =>
        inWorld('paypal', async ({ adapter, script }) => {
          script(TOKEN, answer(201, APPROVAL), ...steps);
          const result = await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL });
          assert.equal(result.kind, 'in_doubt', JSON.stringify(result));
        }));

    it('is read again when somebody else completed it', () =>
      inWorld('paypal', async ({ adapter, script }) => {
        script(TOKEN, answer(200, APPROVAL), paypalError(422, 'ORDER_ALREADY_CAPTURED'), answer(200, CAPTURED));
        assert.deepEqual(await adapter.queryPayment(KNOWN), APPROVED);
      }));

    for (const [liability, enrolled, status, passes] of [
      ['POSSIBLE', 'Y', 'Y', true],
      ['POSSIBLE', 'Y', 'A', true],
      ['NO', 'N', undefined, true],
      ['NO', 'Y', 'N', false],
      ['NO', 'Y', 'R', false],
      ['UNKNOWN', 'Y', 'C', false],
      ['UNKNOWN', 'U', undefined, false],
    ] as const)
      it(`is ${passes ? '' : 'not '}completed after 3-D Secure with ${liability}, ${enrolled}, ${status ?? 'nothing'}`, () =>
        inWorld('paypal', async ({ adapter, script }) => {
          const result = {
            liability_shift: liability,
            three_d_secure: { enrollment_status: enrolled, authentication_status: status },
          };
          const order = { ...APPROVAL, payment_source: { card: { authentication_result: result } } };
          script(TOKEN, answer(200, order), ...(passes ? [answer(201, CAPTURED)] : []));
          assert.equal((await adapter.queryPayment(KNOWN)).kind, passes ? 'approved' : 'declined');
        }));
  });

  it('believes no order of somebody else, not even for a capture or a refund', () =>
    inWorld('paypal', async ({ adapter, script, seen }) => {
      const other = answer(200, { ...CAPTURED, purchase_units: [{ ...UNIT, custom_id: 'att_other' }] });
      script(TOKEN, other, other, other);
      for (const result of [
        await adapter.queryPayment(KNOWN),
        await adapter.capturePayment(exampleCapture('5O1')),
        await adapter.refundPayment(exampleRefund('5O1')),
      ])
        assert.ok(result.kind === 'in_doubt' && result.aboutAnother === true, JSON.stringify(result));
      assert.ok(seen.slice(1).every(({ method }) => method === 'GET'));
    }));

  it('cannot be asked by our reference, and says so before a byte is sent', () =>
    inWorld('paypal', async ({ adapter, seen }) => {
      assert.equal(adapter.capabilities.queryByReference, false);
      for (const result of [
        await adapter.queryPayment(paymentAttempt()),
        await adapter.cancelPayment(paymentAttempt()),
        await adapter.queryPayout(payoutAttempt({ method: 'ewallet' })),
      ])
        assert.ok(result.kind === 'refused' && result.code === 'unsupported', JSON.stringify(result));
      assert.equal(seen.length, 0);
    }));
});
