/** What the service needs of Mollie to capture and to give money back. Mollie pays nothing out to players. */
import assert from 'node:assert/strict';
import { capture, keyOf, MONEY, refund } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { CallNeed, PactBook } from '../pact-book.ts';
import { authorizedPayment, capturedLater, capturedPayment, refundedPayment } from '../states.ts';
import { error, get, getPayment, mollieMoney, payment, post, taken } from './wire.ts';

const part = { currency: 'EUR', value: '30.00' };

export function writeMoneyOut(book: PactBook): void {
  const [reference, id] = ['att_mollie_capture', 'tr_contractCapture'];
  const given = [authorizedPayment({ reference, psp_reference: id })];
  book.call(
    [
      {
        description: 'an authorized payment that is to be captured',
        why: 'Keys live an hour and a capture may be repeated later: what is captured already is seen first.',
        given,
        request: getPayment(id),
        response: { status: 200, body: payment('authorized', id, reference, taken) },
      },
      {
        description: 'the capture of a part of what was authorized',
        why: 'The wallet is credited on this answer, with what was really captured.',
        given,
        request: post(`/v2/payments/${id}/captures`, keyOf(reference), { amount: part, metadata: { reference } }),
        response: { status: 201, body: { status: 'succeeded', amount: part } },
      },
      {
        description: 'the release of what was not captured',
        why: 'Less was captured than reserved: the rest of the money must be free for the payer again.',
        given,
        request: post(`/v2/payments/${id}/release-authorization`, `${keyOf(reference)}-release`),
        response: { status: 202 },
      },
    ],
    async (adapter) =>
      assert.deepEqual(await adapter.capturePayment(capture(reference, id)), {
        kind: 'captured',
        money: { amountMinor: 3_000, currency: 'EUR' },
      }),
  );

  book.call(
    {
      description: 'a payment that is to be captured and is captured already',
      why: 'An earlier capture of ours may have been executed: then it is credited with what was taken, and none is sent again.',
      given: [capturedLater({ reference: 'att_mollie_done', psp_reference: 'tr_contractDone' })],
      request: getPayment('tr_contractDone'),
      response: {
        status: 200,
        body: { id: anyId('tr_contractDone'), status: 'paid', amountCaptured: mollieMoney },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.capturePayment(capture('att_mollie_done', 'tr_contractDone')), {
        kind: 'captured',
        money: MONEY,
      }),
  );
  writeRefunds(book);
}

function writeRefunds(book: PactBook): void {
  const list = (id: string): CallNeed['request'] => get(`/v2/payments/${id}/refunds`, { limit: '250' });
  const refundCall = (reference: string, id: string): CallNeed['request'] =>
    post(`/v2/payments/${id}/refunds`, keyOf(reference), {
      amount: mollieMoney,
      description: `${reference}_refund`,
      metadata: { reference: `${reference}_refund`, attempt_id: reference },
    });

  const [reference, id] = ['att_mollie_refund', 'tr_contractRefund'];
  const given = [capturedPayment({ reference, psp_reference: id })];
  book.call(
    [
      {
        description: 'a list of no refunds',
        why: 'Keys live an hour and a refund may be repeated later: one that is listed under our reference is not made again.',
        given,
        request: list(id),
        response: { status: 200, body: { _embedded: { refunds: [] }, _links: { next: null } } },
      },
      {
        description: 'a refund of a paid payment',
        why: 'The id ties refund events to this refund; a status that is not final says that the money has not gone yet.',
        given,
        request: refundCall(reference, id),
        response: { status: 201, body: { id: anyId('re_contract'), status: 'pending' } },
      },
    ],
    async (adapter) =>
      assert.deepEqual(await adapter.refundPayment(refund(reference, id)), {
        kind: 'received',
        refundReference: 're_contract',
      }),
  );

  const [again, againId] = ['att_mollie_again', 'tr_contractAgain'];
  const refunded = { reference: `${again}_refund` };
  book.call(
    {
      description: 'a list with the refund that was asked for',
      why: 'It is there, so it is not made a second time; its status says whether the money has gone.',
      given: [refundedPayment({ reference: again, psp_reference: againId })],
      request: list(againId),
      response: {
        status: 200,
        body: { _embedded: { refunds: [{ id: anyId('re_contractAgain'), status: 'refunded', metadata: refunded }] } },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.refundPayment(refund(again, againId)), {
        kind: 'refunded',
        refundReference: 're_contractAgain',
      }),
  );

  const [other, otherId] = ['att_mollie_left', 'tr_contractLeft'];
  const givenBack = [refundedPayment({ reference: other, psp_reference: otherId })];
  const mine = { ...refund(other, otherId), refundId: 'ref_mollie_second' };
  book.call(
    [
      {
        description: 'a list with the refund of somebody else',
        why: 'Another reference is another refund: ours is still to be made.',
        given: givenBack,
        request: list(otherId),
        response: {
          status: 200,
          body: { _embedded: { refunds: [{ metadata: { reference: `${other}_refund` } }] }, _links: { next: null } },
        },
      },
      {
        description: 'a refund of more than is left',
        why: 'Status 422 with their sentence is a definite no, after which nobody waits for a refund.',
        given: givenBack,
        request: post(`/v2/payments/${otherId}/refunds`, keyOf(other), {
          amount: mollieMoney,
          description: mine.refundId,
          metadata: { reference: mine.refundId, attempt_id: other },
        }),
        response: error(422, { detail: anyId('The amount is higher than the maximum') }),
      },
    ],
    async (adapter) => assert.equal((await adapter.refundPayment(mine)).kind, 'rejected'),
  );
}
