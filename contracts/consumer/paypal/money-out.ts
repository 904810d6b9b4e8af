/** What the service needs of PayPal to capture an authorization, to give money back and to pay it out. */
import assert from 'node:assert/strict';
import { Matchers } from '@pact-foundation/pact';
import { capture, keyOf, MONEY, payoutAttempt, refund } from '../examples.ts';
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
import { Authorization, error, get, order, paypalMoney, post, taken } from './wire.ts';

type Given = NonNullable<CallNeed['given']>;
const part = { currency_code: 'EUR', value: '30.00' };
const orderCall = (id: string) => get(`/v2/checkout/orders/${id}`);

export function writeMoneyOut(book: PactBook): void {
  writeCaptures(book);
  writeRefunds(book);
  writePayouts(book);
}

function writeCaptures(book: PactBook): void {
  const [reference, id, authorization] = ['att_paypal_capture', 'ORDERCONTRACTCAPTURE', 'AUTHCONTRACTCAPTURE'];
  const given = [authorizedPayment({ reference, psp_reference: id, part_reference: authorization })];
  book.call(
    [
      {
        description: 'the authorization of an order that is to be captured',
        why: 'PayPal captures by the id of the authorization, and only what is still authorized can be captured.',
        given,
        request: orderCall(id),
        response: {
          status: 200,
          body: order(
            { status: 'COMPLETED', id, reference },
            { parts: { authorizations: [{ id: anyId(authorization), status: 'CREATED' }] } },
          ),
        },
      },
      {
        description: 'the capture of a part of what was authorized',
        why: 'The wallet is credited on this answer, with what was really taken; the rest is released.',
        given,
        request: post(`/v2/payments/authorizations/${authorization}/capture`, keyOf(reference), {
          amount: part,
          final_capture: true,
        }),
        response: { status: 201, body: { status: 'COMPLETED', amount: part } },
      },
    ],
    async (adapter) =>
      assert.deepEqual(await adapter.capturePayment(capture(reference, id)), {
        kind: 'captured',
        money: { amountMinor: 3_000, currency: 'EUR' },
      }),
  );

  const [done, doneId] = ['att_paypal_done', 'ORDERCONTRACTDONE'];
  book.call(
    {
      description: 'an order that is to be captured and is captured already',
      why: 'An earlier capture of ours may have been executed: then it is credited with what was taken, and none is sent again.',
      given: [capturedLater({ reference: done, psp_reference: doneId })],
      request: orderCall(doneId),
      response: {
        status: 200,
        body: order({ status: 'COMPLETED', id: doneId, reference: done }, { parts: { captures: [taken] } }),
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.capturePayment(capture(done, doneId)), { kind: 'captured', money: MONEY }),
  );
}

function writeRefunds(book: PactBook): void {
  const captured = (given: Given, { id, reference, captureId, status }: Record<string, string>): CallNeed => ({
    description: 'a capture whose money is to be given back',
    why: 'PayPal gives back by the id of the capture, which only the order names.',
    given,
    request: orderCall(id ?? ''),
    response: {
      status: 200,
      body: order(
        { status: 'COMPLETED', id: id ?? '', reference: reference ?? '' },
        { parts: { captures: [{ id: anyId(captureId ?? ''), status }] } },
      ),
    },
  });
  const refundCall = (reference: string, captureId: string) =>
    post(`/v2/payments/captures/${captureId}/refund`, keyOf(reference), {
      amount: paypalMoney,
      custom_id: `${reference}_refund`,
    });

  const [reference, id, captureId] = ['att_paypal_refund', 'ORDERCONTRACTREFUND', 'CAPTCONTRACTREFUND'];
  const given = [capturedPayment({ reference, psp_reference: id, part_reference: captureId })];
  book.call(
    [
      captured(given, { id, reference, captureId, status: 'COMPLETED' }),
      {
        description: 'a refund of a capture',
        why: 'COMPLETED says that the money has gone back, and the id ties later events to this refund.',
        given,
        request: refundCall(reference, captureId),
        response: { status: 201, body: { id: anyId('REFUNDCONTRACT'), status: 'COMPLETED' } },
      },
    ],
    async (adapter) =>
      assert.deepEqual(await adapter.refundPayment(refund(reference, id)), {
        kind: 'refunded',
        refundReference: 'REFUNDCONTRACT',
      }),
  );

  const [again, againId, againCapture] = ['att_paypal_again', 'ORDERCONTRACTAGAIN', 'CAPTCONTRACTAGAIN'];
  const givenBack = [refundedPayment({ reference: again, psp_reference: againId, part_reference: againCapture })];
  book.call(
    [
      captured(givenBack, { id: againId, reference: again, captureId: againCapture, status: 'REFUNDED' }),
      {
        description: 'a refund of money that went back already',
        why: 'Status 422 with the name of the error is a definite no, after which nobody waits for a refund.',
        given: givenBack,
        request: refundCall(again, againCapture),
        response: error(422, 'UNPROCESSABLE_ENTITY', 'CAPTURE_FULLY_REFUNDED'),
      },
    ],
    async (adapter) => assert.equal((await adapter.refundPayment(refund(again, againId))).kind, 'rejected'),
  );
}

const PAYOUTS = '/v1/payments/payouts';
const to = { method: 'ewallet', destinationToken: 'ewallet_payout_ok' } as const;

function payoutCall(reference: string): CallNeed['request'] {
  const item = { recipient_type: 'EMAIL', sender_item_id: reference, receiver: 'payee@example.com' };
  return {
    method: 'POST',
    path: PAYOUTS,
    headers: { Authorization, 'Content-Type': 'application/json', 'PayPal-Request-Id': keyOf(reference) },
    body: {
      sender_batch_header: { sender_batch_id: reference },
      items: [{ ...item, amount: { currency: 'EUR', value: '50.00' } }],
    },
  };
}

function writePayouts(book: PactBook): void {
  book.call(
    {
      description: 'a payout',
      why: 'The id of the batch is how the payout is asked for later; a batch that is not denied keeps the money reserved.',
      request: payoutCall('pot_paypal_pay'),
      response: {
        status: 201,
        body: {
          batch_header: {
            payout_batch_id: anyId('BATCHCONTRACT'),
            batch_status: 'PENDING',
            sender_batch_header: { sender_batch_id: 'pot_paypal_pay' },
          },
        },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayout(payoutAttempt('pot_paypal_pay', to)), {
        kind: 'pending',
        pspReference: 'BATCHCONTRACT',
      }),
  );

  book.call(
    {
      description: 'a payout whose name belongs to a batch already',
      why: 'After a lost answer the same name is sent again: the link to the batch that has it is the proof that nothing is paid twice.',
      given: [openPayout({ reference: 'pot_paypal_again', psp_reference: 'BATCHCONTRACTAGAIN' })],
      request: payoutCall('pot_paypal_again'),
      response: {
        status: 400,
        body: {
          name: 'USER_BUSINESS_ERROR',
          links: [
            {
              href: Matchers.regex(
                /^https?:.+\/v1\/payments\/payouts\/[A-Z0-9]+$/,
                `https://psp.example${PAYOUTS}/BATCHFIRST`,
              ),
            },
          ],
        },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayout(payoutAttempt('pot_paypal_again', to)), {
        kind: 'pending',
        pspReference: 'BATCHFIRST',
      }),
  );

  for (const { word, given, why, status, more, kind } of [
    {
      word: 'Paid',
      given: paidPayout,
      why: 'The reservation is posted on this answer, so it must say how much was paid.',
      status: 'SUCCESS',
      more: {},
      kind: 'paid',
    },
    {
      word: 'Failed',
      given: failedPayout,
      why: 'Only a stated failure gives the money back to the wallet, with the reason that the player is told.',
      status: 'FAILED',
      more: { errors: { name: anyId('RECEIVER_UNREGISTERED') } },
      kind: 'failed',
    },
    {
      word: 'Returned',
      given: returnedPayout,
      why: 'A payout that was booked as paid came back and must be booked back, with its amount.',
      status: 'RETURNED',
      more: {},
      kind: 'returned',
    },
  ]) {
    const [reference, id] = [`pot_paypal_${word.toLowerCase()}`, `BATCHCONTRACT${word.toUpperCase()}`];
    const sent = { sender_item_id: reference, amount: { currency: 'EUR', value: '50.00' } };
    book.call(
      {
        description: 'what became of a payout',
        why,
        given: [given({ reference, psp_reference: id })],
        request: get(`${PAYOUTS}/${id}`),
        response: {
          status: 200,
          body: {
            batch_header: { payout_batch_id: anyId(id) },
            items: [{ transaction_status: status, payout_item: sent, ...more }],
          },
        },
      },
      async (adapter) =>
        assert.equal((await adapter.queryPayout(payoutAttempt(reference, { ...to, pspReference: id }))).kind, kind),
    );
  }

  book.call(
    {
      description: 'what became of a payout that PayPal does not know',
      why: 'Only this answer means absence; any other error leaves the payout in doubt.',
      request: get(`${PAYOUTS}/NEVERGIVENOUT`),
      response: error(404, 'RESOURCE_NOT_FOUND'),
    },
    async (adapter) =>
      assert.deepEqual(
        await adapter.queryPayout(payoutAttempt('pot_paypal_nowhere', { ...to, pspReference: 'NEVERGIVENOUT' })),
        { kind: 'not_found' },
      ),
  );
}
