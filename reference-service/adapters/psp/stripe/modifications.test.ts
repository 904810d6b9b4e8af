import assert from 'node:assert/strict';
import { answer, exampleCapture, exampleRefund, inWorld, paymentAttempt } from '../test/scripted-psp.ts';
import { INTENT, SUCCEEDED, stripeError } from './test/objects.ts';

describe('stripe adapter that changes a payment', () => {
  it('cancels by id and by our reference, and learns from a refusal what the payment became', () =>
    inWorld('stripe', async ({ adapter, script, seen }) => {
      const known = paymentAttempt({ pspReference: 'pi_1' });
      script(answer(200, { ...INTENT, status: 'canceled' }));
      assert.deepEqual(await adapter.cancelPayment(known), { kind: 'canceled' });
      script(
        answer(200, { data: [{ id: 'pi_1' }] }),
        answer(200, { ...INTENT, status: 'processing' }),
        answer(200, { ...INTENT, status: 'canceled' }),
      );
      assert.deepEqual(await adapter.cancelPayment(paymentAttempt()), { kind: 'canceled' });
      assert.equal(seen[3]?.path, '/v1/payment_intents/pi_1/cancel');
      assert.notEqual(seen[0]?.headers['idempotency-key'], seen[3]?.headers['idempotency-key']);
      const unexpected = (status: string) =>
        stripeError(400, {
          type: 'invalid_request_error',
          code: 'payment_intent_unexpected_state',
          payment_intent: { ...INTENT, status },
        });
      script(unexpected('succeeded'), unexpected('canceled'), unexpected('processing'), answer(200, { data: [] }));
      assert.equal((await adapter.cancelPayment(known)).kind, 'too_late');
      assert.equal((await adapter.cancelPayment(known)).kind, 'canceled');
      assert.equal((await adapter.cancelPayment(known)).kind, 'refused');
      assert.equal((await adapter.cancelPayment(paymentAttempt())).kind, 'not_found');
    }));

  it("refunds with the refund's own reference and key", () =>
    inWorld('stripe', async ({ adapter, script, seen }) => {
      const refund = exampleRefund('pi_1', { amountMinor: 1_250 });
      const kinds = [];
      for (const status of ['succeeded', 'pending', 'requires_action', 'something_new', 'failed', 'canceled']) {
        script(answer(200, { id: 're_1', status }));
        kinds.push((await adapter.refundPayment(refund)).kind);
      }
      assert.deepEqual(kinds, ['refunded', 'received', 'received', 'received', 'rejected', 'rejected']);
      assert.deepEqual(Object.fromEntries(new URLSearchParams(seen[0]?.body)), {
        payment_intent: 'pi_1',
        amount: '1250',
        'metadata[reference]': 'ref_1',
        'metadata[attempt_id]': 'att_1',
      });
      assert.equal(seen[0]?.headers['idempotency-key'], 'key-ref_1');
    }));

  it('captures a part once, and learns from a refusal what an earlier try did', () =>
    inWorld('stripe', async ({ adapter, script, seen }) => {
      const capture = exampleCapture('pi_1', { amountMinor: 3_000 });
      const part = { ...SUCCEEDED, amount_received: 3_000 };
      const unexpected = (status: string) =>
        stripeError(400, {
          type: 'invalid_request_error',
          code: 'payment_intent_unexpected_state',
          payment_intent: { ...part, status },
        });
      script(
        answer(200, part),
        unexpected('succeeded'),
        unexpected('canceled'),
        answer(200, { ...part, status: 'requires_capture' }),
        answer(200, { ...part, metadata: {} }),
        stripeError(404, { type: 'invalid_request_error', code: 'resource_missing' }),
        stripeError(429, { type: 'invalid_request_error', code: 'lock_timeout' }),
      );
      const kinds = [];
      for (let i = 0; i < 7; i += 1) kinds.push(await adapter.capturePayment(capture));
      const captured = { kind: 'captured', money: { amountMinor: 3_000, currency: 'EUR' } };
      assert.deepEqual(kinds.slice(0, 2), [captured, captured]);
      assert.deepEqual(
        kinds.slice(2).map(({ kind }) => kind),
        ['rejected', 'in_doubt', 'in_doubt', 'not_found', 'refused'],
      );
      assert.equal(`${seen[0]?.path} ${seen[0]?.body}`, '/v1/payment_intents/pi_1/capture amount_to_capture=3000');
      assert.equal(seen[0]?.headers['idempotency-key'], 'key-cap_1');
    }));
});
