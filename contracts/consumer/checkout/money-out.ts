/** What the service needs of Checkout.com to capture, to give money back and to pay it out. */
import assert from 'node:assert/strict';
import { capture, keyOf, MONEY, PART_MINOR, PAYOUT_ID, payoutAttempt, PLAYER_ID, refund } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { CallNeed, PactBook } from '../pact-book.ts';
import {
  authorizedPayment,
  capturedLater,
  capturedPayment,
  failedPayout,
  openPayout,
  paidPayout,
  refundedPayment,
  returnedPayout,
} from '../states.ts';
import { bare, channel, checkoutMoney, error, get, payment, post, taken } from './wire.ts';

const accepted = (id: string): CallNeed['response'] => ({ status: 202, body: { action_id: anyId(id) } });

export function writeMoneyOut(book: PactBook): void {
  writeCaptures(book);
  const refundCall = (reference: string, id: string) =>
    post(
      `/payments/${id}/refunds`,
      { amount: checkoutMoney.amount, reference: `${reference}_refund`, metadata: { attempt_id: reference } },
      keyOf(reference),
    );
  book.call(
    {
      description: 'a refund of a captured payment',
      why: 'The action id ties refund events to this refund; that the money has gone is told by an event.',
      given: [capturedPayment({ reference: 'att_checkout_refund', psp_reference: 'pay_contractRefund' })],
      request: refundCall('att_checkout_refund', 'pay_contractRefund'),
      response: accepted('act_contractRefund'),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.refundPayment(refund('att_checkout_refund', 'pay_contractRefund')), {
        kind: 'received',
        refundReference: 'act_contractRefund',
      }),
  );

  book.call(
    {
      description: 'a refund of money that went back already',
      why: 'Status 422 with their error type is a definite no, after which nobody waits for a refund.',
      given: [refundedPayment({ reference: 'att_checkout_again', psp_reference: 'pay_contractAgain' })],
      request: refundCall('att_checkout_again', 'pay_contractAgain'),
      response: error(422, 'request_invalid'),
    },
    async (adapter) =>
      assert.equal((await adapter.refundPayment(refund('att_checkout_again', 'pay_contractAgain'))).kind, 'rejected'),
  );
  writePayouts(book);
}

function writeCaptures(book: PactBook): void {
  const captureCall = (reference: string, id: string) =>
    post(`/payments/${id}/captures`, { amount: PART_MINOR, capture_type: 'Final', reference }, keyOf(reference));
  book.call(
    {
      description: 'the capture of a part of what was authorized',
      why: 'The action id says that the capture was accepted; it is credited on its event.',
      given: [authorizedPayment({ reference: 'att_checkout_capture', psp_reference: 'pay_contractCapture' })],
      request: captureCall('att_checkout_capture', 'pay_contractCapture'),
      response: accepted('act_contractCapture'),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.capturePayment(capture('att_checkout_capture', 'pay_contractCapture')), {
        kind: 'received',
      }),
  );

  const done = [capturedLater({ reference: 'att_checkout_done', psp_reference: 'pay_contractDone' })];
  book.call(
    [
      {
        description: 'the capture of a payment that is captured already',
        why: 'A 403 without a body says that the state does not allow it; what the state is must then be asked.',
        given: done,
        request: captureCall('att_checkout_done', 'pay_contractDone'),
        response: bare(403),
      },
      {
        description: 'what became of a payment that could not be captured',
        why: 'An earlier capture of ours may have been executed: then it is credited with what was taken.',
        given: done,
        request: get('/payments/pay_contractDone'),
        response: payment(200, 'pay_contractDone', 'att_checkout_done', taken),
      },
    ],
    async (adapter) =>
      assert.deepEqual(await adapter.capturePayment(capture('att_checkout_done', 'pay_contractDone')), {
        kind: 'captured',
        money: MONEY,
      }),
  );
}

function writePayouts(book: PactBook): void {
  book.call(
    {
      description: 'a payout',
      why: 'The id is how the payout is asked for later; a status that is not final keeps the money reserved.',
      request: post(
        '/payments',
        {
          source: { type: 'currency_account' },
          destination: { type: 'card', number: '4242424242424242', expiry_month: 12, expiry_year: 2035 },
          ...checkoutMoney,
          reference: 'pot_checkout_pay',
          metadata: { payout_id: PAYOUT_ID, player_id: PLAYER_ID },
          ...channel,
        },
        keyOf('pot_checkout_pay'),
      ),
      response: payment(202, 'pay_contractOut', 'pot_checkout_pay', { status: 'Pending' }),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayout(payoutAttempt('pot_checkout_pay')), {
        kind: 'pending',
        pspReference: 'pay_contractOut',
      }),
  );

  for (const { word, given, why, fields, kind } of [
    {
      word: 'Paid',
      given: paidPayout,
      why: 'The reservation is posted on this answer, so it must say how much was paid.',
      fields: { status: 'Paid', ...checkoutMoney },
      kind: 'paid',
    },
    {
      word: 'Failed',
      given: failedPayout,
      why: 'Only a stated failure gives the money back to the wallet.',
      fields: { status: 'Declined' },
      kind: 'failed',
    },
    {
      word: 'Returned',
      given: returnedPayout,
      why: 'A payout that was booked as paid came back and must be booked back, with its amount.',
      fields: { status: 'Returned', ...checkoutMoney },
      kind: 'returned',
    },
  ]) {
    const [reference, id] = [`pot_checkout_${word.toLowerCase()}`, `pay_contractOut${word}`];
    book.call(
      {
        description: 'what became of a payout',
        why,
        given: [given({ reference, psp_reference: id })],
        request: get(`/payments/${id}`),
        response: payment(200, id, reference, fields),
      },
      async (adapter) =>
        assert.equal((await adapter.queryPayout(payoutAttempt(reference, { pspReference: id }))).kind, kind),
    );
  }

  const listed = { id: anyId('pay_contractListed'), reference: 'pot_checkout_listed', status: 'Pending' };
  book.call(
    {
      description: 'a search for a payout by our reference',
      why: 'After a lost answer our reference is all that we have; only its destination tells a payout from a payment.',
      given: [openPayout({ reference: 'pot_checkout_listed', psp_reference: 'pay_contractListed' })],
      request: get('/payments', { reference: 'pot_checkout_listed', limit: '100' }),
      response: { status: 200, body: { data: [{ ...listed, destination: { type: 'card' } }] } },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayout(payoutAttempt('pot_checkout_listed')), {
        kind: 'pending',
        pspReference: 'pay_contractListed',
      }),
  );
}
