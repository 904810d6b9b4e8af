import assert from 'node:assert/strict';
import { answer, exampleCapture, exampleRefund, inWorld, paymentAttempt } from '../test/scripted-psp.ts';
import { PAYMENT, CAPTURED } from './test/objects.ts';

describe('acme adapter that changes a payment', () => {
  it('voids an open payment that it knows only by our reference', () =>
    inWorld('acme', async ({ adapter, script, seen }) => {
      script(
        answer(200, { data: [{ ...PAYMENT, status: 'requires_action' }] }),
        answer(200, { ...PAYMENT, status: 'canceled' }),
      );
      assert.deepEqual(await adapter.cancelPayment(paymentAttempt()), { kind: 'canceled' });
      assert.equal(seen[1]?.path, '/payments/apay_1/void');
      assert.notEqual(seen[1]?.headers['idempotency-key'], 'key-att_1');
    }));

  it('is too late to void a captured payment, also when it was captured meanwhile', () =>
    inWorld('acme', async ({ adapter, script }) => {
      script(answer(200, CAPTURED));
      assert.equal((await adapter.cancelPayment(paymentAttempt({ pspReference: 'apay_1' }))).kind, 'too_late');
      script(
        answer(200, { ...PAYMENT, status: 'requires_action' }),
        answer(409, { code: 'invalid_state', message: '' }),
        answer(200, CAPTURED),
      );
      assert.equal((await adapter.cancelPayment(paymentAttempt({ pspReference: 'apay_1' }))).kind, 'too_late');
    }));

  it('voids an authorization', () =>
    inWorld('acme', async ({ adapter, script }) => {
      script(answer(200, { ...PAYMENT, status: 'authorized' }), answer(200, { ...PAYMENT, status: 'canceled' }));
      assert.deepEqual(await adapter.cancelPayment(paymentAttempt({ pspReference: 'apay_1' })), { kind: 'canceled' });
    }));

  const refund = exampleRefund('apay_1', { amountMinor: 1_250 });
  it("refunds with the refund's own reference and key", () =>
    inWorld('acme', async ({ adapter, script, seen }) => {
      script(
        answer(201, { refund_id: 'aref_1', status: 'succeeded' }),
        answer(201, { refund_id: 'aref_1', status: 'pending' }),
      );
      assert.deepEqual(await adapter.refundPayment(refund), { kind: 'refunded', refundReference: 'aref_1' });
      assert.deepEqual(await adapter.refundPayment(refund), { kind: 'received', refundReference: 'aref_1' });
      assert.deepEqual(JSON.parse(seen[0]?.body ?? ''), { amount: '12.50', reference: 'ref_1' });
      assert.equal(seen[0]?.headers['idempotency-key'], 'key-ref_1');
    }));

  it('takes a refund that acme will not make as rejected', () =>
    inWorld('acme', async ({ adapter, script }) => {
      script(
        answer(422, { code: 'validation_failed', message: 'more than was captured' }),
        answer(409, { code: 'invalid_state', message: '' }),
        answer(201, { refund_id: 'aref_1', status: 'failed' }),
      );
      for (let i = 0; i < 3; i += 1) assert.equal((await adapter.refundPayment(refund)).kind, 'rejected');
    }));

  const capture = exampleCapture('apay_1', { amountMinor: 3_000 });
  const captured30 = { ...PAYMENT, status: 'captured', captured_amount: '30.00' };
  const money30 = { amountMinor: 3_000, currency: 'EUR' };

  it('captures a part, once and for all', () =>
    inWorld('acme', async ({ adapter, script, seen }) => {
      script(answer(200, captured30));
      assert.deepEqual(await adapter.capturePayment(capture), { kind: 'captured', money: money30 });
      assert.equal(seen[0]?.path, '/payments/apay_1/capture');
      assert.deepEqual(JSON.parse(seen[0].body), { amount: '30.00', final: true });
      assert.equal(seen[0].headers['idempotency-key'], 'key-cap_1');
    }));

  it('finds out what an earlier capture did when acme refuses another', () =>
    inWorld('acme', async ({ adapter, script }) => {
      const refusal = answer(409, { code: 'invalid_state', message: '' });
      script(refusal, answer(200, captured30), refusal, answer(200, { ...PAYMENT, status: 'expired' }));
      assert.deepEqual(await adapter.capturePayment(capture), { kind: 'captured', money: money30 });
      assert.equal((await adapter.capturePayment(capture)).kind, 'rejected');
    }));

  it('is in doubt about a capture that acme does not state, and about one of another payment', () =>
    inWorld('acme', async ({ adapter, script }) => {
      script(answer(200, { ...PAYMENT, status: 'authorized' }), answer(200, { ...captured30, reference: 'att_2' }));
      assert.equal((await adapter.capturePayment(capture)).kind, 'in_doubt');
      assert.equal((await adapter.capturePayment(capture)).kind, 'in_doubt');
    }));
});
