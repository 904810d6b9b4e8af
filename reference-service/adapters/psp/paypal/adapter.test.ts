import assert from 'node:assert/strict';
import { answer, inWorld, paymentAttempt, payoutAttempt, RETURN_URL, silence } from '../test/scripted-psp.ts';

const TOKEN = answer(200, { access_token: 'A21AA', token_type: 'Bearer', expires_in: 32_400 });
const UNIT = { reference_id: 'default', custom_id: 'att_1', amount: { currency_code: 'EUR', value: '50.00' } };
const ORDER = { id: '5O1', purchase_units: [UNIT], links: [] };
const paidBy = (payments: object) => ({ ...ORDER, status: 'COMPLETED', purchase_units: [{ ...UNIT, payments }] });
const CAPTURE = { id: '3C6', status: 'COMPLETED', amount: UNIT.amount };
const CAPTURED = paidBy({ captures: [CAPTURE] });
const APPROVED = { kind: 'approved', pspReference: '5O1', money: { amountMinor: 5_000, currency: 'EUR' } };
const KNOWN = paymentAttempt({ pspReference: '5O1' });
const WALLET = { method: 'ewallet', token: 'ewallet_ok' } as const;
const link = (rel: string, href: string) => ({ rel, href, method: 'GET' });
const paypalError = (status: number, issue: string, links: object[] = []) =>
  answer(status, { name: 'UNPROCESSABLE_ENTITY', message: 'scripted', debug_id: 'd1', details: [{ issue }], links });

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

  describe('access token', () => {
    it('is used until shortly before it ends', () =>
      inWorld('paypal', async ({ adapter, script, seen, clock }) => {
        script(TOKEN, answer(200, CAPTURED), answer(200, CAPTURED), TOKEN, answer(200, CAPTURED));
        await adapter.queryPayment(KNOWN);
        await clock.sleep(32_300_000);
        await adapter.queryPayment(KNOWN);
        await clock.sleep(60_000);
        await adapter.queryPayment(KNOWN);
        assert.equal(seen.filter(({ path }) => path === '/v1/oauth2/token').length, 2);
      }));

    it('is fetched by each of the first calls at the same time: none waits for the other', () =>
      inWorld('paypal', async ({ adapter, script, seen }) => {
        script(TOKEN, TOKEN, answer(200, CAPTURED), answer(200, CAPTURED));
        const answers = await Promise.all([adapter.queryPayment(KNOWN), adapter.queryPayment(KNOWN)]);
        assert.deepEqual(answers, [APPROVED, APPROVED]);
        assert.equal(seen.length, 4);
      }));

    it('is fetched anew after PayPal refused it, and after a fetch that failed', () =>
      inWorld('paypal', async ({ adapter, script }) => {
        script(TOKEN, answer(401, { error: 'invalid_token' }), answer(503, {}), TOKEN, answer(200, CAPTURED));
        const refused = await adapter.queryPayment(KNOWN);
        assert.ok(refused.kind === 'refused' && refused.code === 'unauthorized', JSON.stringify(refused));
        assert.equal((await adapter.queryPayment(KNOWN)).kind, 'not_reached');
        assert.deepEqual(await adapter.queryPayment(KNOWN), APPROVED);
      }));

    for (const [what, step, kind, code] of [
      ['no answer in time', silence, 'not_reached', undefined],
      ['a 503', answer(503, { error: 'unavailable' }), 'not_reached', undefined],
      ['an HTML page', answer(200, '<html>'), 'not_reached', undefined],
      ['a token without a text', answer(200, { access_token: '' }), 'not_reached', undefined],
      ['wrong credentials', answer(401, { error: 'invalid_client' }), 'refused', 'unauthorized'],
      ['a rate limit', answer(429, { name: 'RATE_LIMIT_REACHED' }), 'refused', 'rate_limited'],
    ] as const)
      it(`that cannot be had (${what}) means that the payment was not sent`, () =>
        inWorld('paypal', async ({ adapter, script, seen }) => {
          script(step);
          const result = await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL });
          assert.equal(result.kind, kind, JSON.stringify(result));
          assert.equal('code' in result ? result.code : undefined, code);
          assert.equal(seen.length, 1);
        }));
  });

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
      const request = { attemptId: 'att_1', paymentId: 'pay_1', pspReference: '5O1', idempotencyKey: 'k', ...money };
      for (const result of [
        await adapter.queryPayment(KNOWN),
        await adapter.capturePayment(request),
        await adapter.refundPayment({ ...request, refundId: 'ref_1' }),
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

  it('finds the batch of a payout whose answer was lost, and believes no other', () =>
    inWorld('paypal', async ({ adapter, script }) => {
      const asked = payoutAttempt({ method: 'ewallet', destinationToken: 'payee@example.com' });
      const duplicate = {
        name: 'USER_BUSINESS_ERROR',
        message: 'scripted',
        details: [{ issue: 'DUPLICATE_SENDER_BATCH_ID' }],
        links: [link('self', 'https://api-m.paypal.com/v1/payments/payouts/5UXD2E8A7EBQJ')],
      };
      script(TOKEN, answer(400, duplicate), answer(400, { ...duplicate, links: [] }));
      assert.deepEqual(await adapter.createPayout(asked), { kind: 'pending', pspReference: '5UXD2E8A7EBQJ' });
      assert.equal((await adapter.createPayout(asked)).kind, 'in_doubt');
      const batch = (name: string) => ({
        batch_header: {
          payout_batch_id: 'B1',
          batch_status: 'PENDING',
          sender_batch_header: { sender_batch_id: name },
        },
      });
      script(answer(201, batch('pot_1')), answer(201, batch('pot_other')));
      assert.deepEqual(await adapter.createPayout(asked), { kind: 'pending', pspReference: 'B1' });
      assert.equal((await adapter.createPayout(asked)).kind, 'in_doubt');
    }));

  for (const [status, kind] of [
    ['SUCCESS', 'paid'],
    ['FAILED', 'failed'],
    ['BLOCKED', 'failed'],
    ['RETURNED', 'returned'],
    ['REVERSED', 'returned'],
    ['UNCLAIMED', 'pending'],
    ['ONHOLD', 'pending'],
    ['SOMETHING_NEW', 'pending'],
  ] as const)
    it(`reads a payout item that is ${status} as ${kind}`, () =>
      inWorld('paypal', async ({ adapter, script }) => {
        const item = {
          transaction_status: status,
          payout_item: { sender_item_id: 'pot_1', amount: { currency: 'EUR', value: '20.00' } },
        };
        script(TOKEN, answer(200, { batch_header: { payout_batch_id: 'B1' }, items: [item] }));
        const result = await adapter.queryPayout(payoutAttempt({ method: 'ewallet', pspReference: 'B1' }));
        assert.equal(result.kind, kind, JSON.stringify(result));
        if (result.kind === 'paid') assert.deepEqual(result.money, { amountMinor: 2_000, currency: 'EUR' });
      }));
});
