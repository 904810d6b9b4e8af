/** What the service needs of Adyen to give money back and to pay it out. Adyen says only that it heard; webhooks tell the rest. */
import assert from 'node:assert/strict';
import { capture, keyOf, PART_MINOR, payoutAttempt, PLAYER_ID, refund } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import { authorizedPayment, capturedPayment } from '../states.ts';
import { adyenMoney, error, merchantAccount, post } from './wire.ts';

export function writeMoneyOut(book: PactBook): void {
  book.call(
    {
      description: 'the capture of a part of what was authorized',
      why: '`received` means that a webhook will tell what was captured.',
      given: [authorizedPayment({ reference: 'att_adyen_capture', psp_reference: 'CONTRACTCAPTURE1' })],
      request: post(
        '/v72/payments/CONTRACTCAPTURE1/captures',
        { amount: { ...adyenMoney, value: PART_MINOR }, merchantAccount, reference: 'att_adyen_capture' },
        keyOf('att_adyen_capture'),
      ),
      response: { status: 201, body: { status: 'received', pspReference: anyId('CONTRACTMOD00003') } },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.capturePayment(capture('att_adyen_capture', 'CONTRACTCAPTURE1')), {
        kind: 'received',
      }),
  );

  const refundCall = (reference: string, id: string) =>
    post(
      `/v72/payments/${id}/refunds`,
      { amount: adyenMoney, merchantAccount, reference: `${reference}_refund` },
      keyOf(reference),
    );

  book.call(
    {
      description: 'a refund of a captured payment',
      why: 'The reference of the refund is what its webhook is recognised by.',
      given: [capturedPayment({ reference: 'att_adyen_refund', psp_reference: 'CONTRACTREFUND01' })],
      request: refundCall('att_adyen_refund', 'CONTRACTREFUND01'),
      response: { status: 201, body: { status: 'received', pspReference: anyId('CONTRACTMOD00002') } },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.refundPayment(refund('att_adyen_refund', 'CONTRACTREFUND01')), {
        kind: 'received',
        refundReference: 'CONTRACTMOD00002',
      }),
  );

  book.call(
    {
      description: 'a refund of a payment that Adyen does not know',
      why: 'A definite no, after which nobody waits for a refund.',
      request: refundCall('att_adyen_nowhere', 'CONTRACTNOWHERE1'),
      response: error(422),
    },
    async (adapter) =>
      assert.equal((await adapter.refundPayment(refund('att_adyen_nowhere', 'CONTRACTNOWHERE1'))).kind, 'rejected'),
  );

  book.call(
    {
      description: 'a payout to a card',
      why: 'A result that is not a refusal keeps the money reserved until the webhook; the reference ties the two together.',
      request: post(
        '/pal/servlet/Payout/v68/payout',
        {
          amount: adyenMoney,
          merchantAccount,
          reference: 'pot_adyen_pay',
          shopperReference: PLAYER_ID,
          card: { number: '4111111145551142', expiryMonth: '03', expiryYear: '2030', holderName: 'APPROVED' },
          shopperName: { firstName: 'Player', lastName: 'APPROVED' },
        },
        keyOf('pot_adyen_pay'),
      ),
      response: { status: 200, body: { pspReference: anyId('CONTRACTPAYOUT01'), resultCode: 'Received' } },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayout(payoutAttempt('pot_adyen_pay')), {
        kind: 'pending',
        pspReference: 'CONTRACTPAYOUT01',
      }),
  );
}
