import assert from 'node:assert/strict';
import { answer, exampleCapture, inWorld, paymentAttempt, payoutAttempt, RETURN_URL } from '../test/scripted-psp.ts';

const REQUEST_ID = { 'cko-request-id': 'req_1' };
const PAYMENT = { id: 'pay_1', reference: 'att_1', amount: 5_000, currency: 'EUR' };
const AUTHORIZED = { ...PAYMENT, status: 'Authorized', approved: true, response_code: '10000' };
const CAPTURED = { ...PAYMENT, status: 'Captured', balances: { total_captured: 5_000 } };
const APPROVED = { kind: 'approved', pspReference: 'pay_1', money: { amountMinor: 5_000, currency: 'EUR' } };
const MONEY = { amountMinor: 5_000, currency: 'EUR' };

const bare = (status: number, headers: Record<string, string> = REQUEST_ID) => answer(status, '', headers);

describe('checkout adapter', () => {
  it('asks for one payment with our reference; authorized is not captured', () =>
    inWorld('checkout', async ({ adapter, script, seen }) => {
      script(answer(201, AUTHORIZED), answer(201, AUTHORIZED));
      assert.deepEqual(await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL }), {
        kind: 'pending',
        pspReference: 'pay_1',
      });
      const twoSteps = paymentAttempt({ capture: 'manual' });
      assert.deepEqual(await adapter.createPayment(twoSteps, { returnUrl: RETURN_URL }), {
        kind: 'authorized',
        pspReference: 'pay_1',
        money: MONEY,
      });
      const [request] = seen;
      assert.equal(`${request?.method} ${request?.path}`, 'POST /payments');
      assert.equal(request?.headers['authorization'], 'Bearer sk_sbox_abcdefghijklmnopqrstuvwxyz2');
      assert.equal(request?.headers['cko-idempotency-key'], 'key-att_1');
      assert.deepEqual(JSON.parse(request?.body ?? ''), {
        source: {
          type: 'card',
          number: '4242424242424242',
          expiry_month: 12,
          expiry_year: 2035,
          cvv: '100',
          store_for_future_use: false,
        },
        '3ds': { enabled: false },
        amount: 5_000,
        currency: 'EUR',
        capture: true,
        reference: 'att_1',
        success_url: RETURN_URL,
        failure_url: RETURN_URL,
        metadata: { payment_id: 'pay_1', player_id: 'player-1', capture: 'automatic' },
      });
    }));

  const sources: readonly [string, Parameters<typeof paymentAttempt>[0], object, object][] = [
    [
      'offers a token to 3D Secure',
      { token: 'tok_x' },
      { type: 'token', token: 'tok_x', store_for_future_use: false },
      { enabled: true, attempt_n3d: true },
    ],
    [
      'charges a kept card by its id',
      { token: '', storedToken: 'src_x' },
      { type: 'id', id: 'src_x' },
      { enabled: false },
    ],
    [
      'forces a challenge where the risk rules want it',
      { token: '', storedToken: 'src_x', challenge: 'force' },
      { type: 'id', id: 'src_x' },
      { enabled: true, challenge_indicator: 'challenge_requested_mandate' },
    ],
  ];
  for (const [what, more, source, threeDs] of sources)
    it(what, () =>
      inWorld('checkout', async ({ adapter, script, seen }) => {
        script(answer(202, { ...PAYMENT, status: 'Pending', _links: { redirect: { href: 'https://pay/1' } } }));
        assert.deepEqual(await adapter.createPayment(paymentAttempt(more), { returnUrl: RETURN_URL }), {
          kind: 'requires_action',
          pspReference: 'pay_1',
          redirectUrl: 'https://pay/1',
        });
        const body = JSON.parse(seen[0]?.body ?? '') as Record<string, unknown>;
        assert.deepEqual([body['source'], body['3ds']], [source, threeDs]);
      }),
    );

  it('classifies declines by their code, and reads the code of a queried decline from the actions', () =>
    inWorld('checkout', async ({ adapter, script }) => {
      const declined = { ...PAYMENT, status: 'Declined', approved: false };
      script(answer(201, { ...declined, response_code: '20068' }));
      assert.deepEqual(await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL }), {
        kind: 'declined',
        pspReference: 'pay_1',
        code: '20068',
        declineClass: 'technical',
      });
      script(answer(200, declined), answer(200, JSON.stringify([{ response_code: '20051' }])));
      const asked = await adapter.queryPayment(paymentAttempt({ pspReference: 'pay_1' }));
      assert.ok(asked.kind === 'declined' && asked.code === '20051', JSON.stringify(asked));
      script(answer(200, declined), answer(500, ''));
      const unexplained = await adapter.queryPayment(paymentAttempt({ pspReference: 'pay_1' }));
      assert.ok(unexplained.kind === 'declined' && unexplained.code === 'declined');
    }));

  it('finds by our reference, takes the weightiest, names other payments, and passes payouts over', () =>
    inWorld('checkout', async ({ adapter, script, seen }) => {
      const second = { ...CAPTURED, id: 'pay_2' };
      const payout = { ...PAYMENT, id: 'pay_3', status: 'Paid', destination: { type: 'card' } };
      script(answer(200, { total_count: 3, data: [{ ...PAYMENT, status: 'Voided' }, CAPTURED, second, payout] }));
      const { others, ...found } = (await adapter.queryPayment(paymentAttempt())) as typeof APPROVED & {
        others: unknown[];
      };
      assert.deepEqual(found, APPROVED);
      assert.deepEqual(others, [{ ...APPROVED, pspReference: 'pay_2' }]);
      assert.equal(seen[0]?.path, '/payments?reference=att_1&limit=100');
    }));

  it('believes an empty 404 only with a request id of Checkout.com', () =>
    inWorld('checkout', async ({ adapter, script }) => {
      const known = paymentAttempt({ pspReference: 'pay_1' });
      script(bare(404), bare(404, {}), answer(200, { ...CAPTURED, reference: 'att_other' }));
      assert.deepEqual(await adapter.queryPayment(known), { kind: 'not_found' });
      assert.equal((await adapter.queryPayment(known)).kind, 'in_doubt');
      const other = await adapter.queryPayment(known);
      assert.ok(other.kind === 'in_doubt' && other.aboutAnother === true, JSON.stringify(other));
    }));

  it('is refused, not in doubt, by an empty 401', () =>
    inWorld('checkout', async ({ adapter, script }) => {
      script(bare(401));
      const result = await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL });
      assert.ok(result.kind === 'refused' && result.code === 'unauthorized', JSON.stringify(result));
    }));

  it('asks what a payment became whose capture or void is not allowed', () =>
    inWorld('checkout', async ({ adapter, script }) => {
      script(bare(403), answer(200, CAPTURED), bare(403), answer(200, { ...PAYMENT, status: 'Voided' }));
      assert.deepEqual(await adapter.capturePayment(exampleCapture('pay_1')), { kind: 'captured', money: MONEY });
      assert.equal((await adapter.capturePayment(exampleCapture('pay_1'))).kind, 'rejected');
      const known = paymentAttempt({ pspReference: 'pay_1' });
      script(bare(403), answer(200, CAPTURED), bare(403), answer(200, { ...PAYMENT, status: 'Voided' }));
      assert.equal((await adapter.cancelPayment(known)).kind, 'too_late');
      assert.deepEqual(await adapter.cancelPayment(known), { kind: 'canceled' });
    }));

  it('voids under a key of its own each time: one that was accepted and then declined must not be replayed', () =>
    inWorld('checkout', async ({ adapter, script, seen }) => {
      const accepted = answer(202, { action_id: 'act_1' });
      script(accepted, accepted);
      for (let i = 0; i < 2; i += 1)
        assert.deepEqual(await adapter.cancelPayment(paymentAttempt({ pspReference: 'pay_1' })), { kind: 'received' });
      assert.equal(new Set(seen.map(({ headers }) => headers['cko-idempotency-key'])).size, 2);
    }));

  it('gives no list of settlements rather than one with gaps', () =>
    inWorld('checkout', async ({ adapter, script }) => {
      const file = { id: 'file_1', filename: 'a.csv' };
      const report = { id: 'rpt_1', created_on: '2026-01-05T00:00:00Z', files: [file] };
      for (const odd of [{ created_on: 'someday' }, { id: 7 }, { files: 'none' }, { files: [{ filename: 'a.csv' }] }]) {
        script(answer(200, { data: [{ ...report, ...odd }] }));
        await assert.rejects(adapter.fetchSettlements?.(0) ?? Promise.resolve(), /checkout lists a report/);
      }
      const page = answer(200, { data: new Array(100).fill(report) });
      script(...new Array<typeof page>(10).fill(page));
      await assert.rejects(adapter.fetchSettlements?.(0) ?? Promise.resolve(), /more than 1000/);
    }));

  it('pays out to an IBAN from the configured account', () =>
    inWorld(
      'checkout',
      async ({ adapter, script, seen }) => {
        script(answer(202, { id: 'pay_9', status: 'Pending', reference: 'pot_1' }));
        const asked = payoutAttempt({ method: 'bank', destinationToken: 'DE89370400440532013000' });
        assert.deepEqual(await adapter.createPayout(asked), { kind: 'pending', pspReference: 'pay_9' });
        const body = JSON.parse(seen[0]?.body ?? '') as Record<string, unknown>;
        assert.deepEqual(
          [body['source'], body['destination'], body['reference']],
          [
            { type: 'currency_account', id: 'ca_1' },
            { type: 'bank_account', iban: 'DE89370400440532013000', country: 'DE' },
            'pot_1',
          ],
        );
      },
      { credentials: { secretKey: 'sk_sbox_x', webhookKey: 'whk', currencyAccountId: 'ca_1' } },
    ));
});
