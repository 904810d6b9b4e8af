import assert from 'node:assert/strict';
import { answer, exampleCapture, exampleRefund, inWorld, paymentAttempt, payoutAttempt } from '../test/scripted-psp.ts';

describe('adyen adapter that changes a payment or pays out', () => {
  it("keeps derived keys within Adyen's 64 characters", () =>
    inWorld('adyen', async ({ adapter, script, seen }) => {
      script(answer(201, { status: 'received', pspReference: 'MOD1' }));
      await adapter.cancelPayment(paymentAttempt({ idempotencyKey: 'k'.repeat(64) }));
      assert.equal(seen[0]?.headers['idempotency-key']?.length, 64);
      assert.notEqual(seen[0]?.headers['idempotency-key'], 'k'.repeat(64));
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
      const refund = exampleRefund('PSP1', { amountMinor: 1_250 });
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

  it('has a capture received, refused, or in doubt', () =>
    inWorld('adyen', async ({ adapter, script, seen }) => {
      const capture = exampleCapture('PSP1', { amountMinor: 3_000 });
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
      assert.equal(seen[0].headers['idempotency-key'], 'key-cap_1');
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
});
