/** What the service needs of acme to give money back and to pay it out. */
import assert from 'node:assert/strict';
import { Matchers } from '@pact-foundation/pact';
import { capture, keyOf, MONEY, PART_MINOR, payoutAttempt, refund } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { CallNeed, PactBook } from '../pact-book.ts';
import {
  authorizedPayment,
  capturedPayment,
  failedPayout,
  openPayout,
  paidPayout,
  refundedPayment,
  returnedPayout,
} from '../states.ts';
import { acmeMoney, error, get, payment, post } from './wire.ts';

const { regex } = Matchers;

export function writeMoneyOut(book: PactBook): void {
  book.call(
    {
      description: 'the capture of a part of what was authorized',
      why: 'What was captured is credited, which may be less than was authorized: the amount must be told.',
      given: [authorizedPayment({ reference: 'att_acme_capture', psp_reference: 'apay_contractCapture' })],
      request: post(
        '/payments/apay_contractCapture/capture',
        { amount: '30.00', final: true },
        keyOf('att_acme_capture'),
      ),
      response: payment(200, 'apay_contractCapture', 'att_acme_capture', {
        status: 'captured',
        captured_amount: '30.00',
        currency: acmeMoney.currency,
      }),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.capturePayment(capture('att_acme_capture', 'apay_contractCapture')), {
        kind: 'captured',
        money: { ...MONEY, amountMinor: PART_MINOR },
      }),
  );

  const refundCall = (reference: string, id: string) =>
    post(`/payments/${id}/refunds`, { amount: acmeMoney.amount, reference: `${reference}_refund` }, keyOf(reference));

  book.call(
    {
      description: 'a refund of a captured payment',
      why: 'The id ties refund events to this refund; the status tells whether the money has gone or the webhook must be awaited.',
      given: [capturedPayment({ reference: 'att_acme_refund', psp_reference: 'apay_contractRefund' })],
      request: refundCall('att_acme_refund', 'apay_contractRefund'),
      response: {
        status: 201,
        body: { refund_id: anyId('aref_contract'), status: regex(/^(pending|succeeded)$/, 'pending') },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.refundPayment(refund('att_acme_refund', 'apay_contractRefund')), {
        kind: 'received',
        refundReference: 'aref_contract',
      }),
  );

  book.call(
    {
      description: 'a refund of money that went back already',
      why: 'A definite no, after which nobody waits for a refund.',
      given: [refundedPayment({ reference: 'att_acme_again', psp_reference: 'apay_contractAgain' })],
      request: refundCall('att_acme_again', 'apay_contractAgain'),
      response: error(422, 'validation_failed'),
    },
    async (adapter) =>
      assert.equal((await adapter.refundPayment(refund('att_acme_again', 'apay_contractAgain'))).kind, 'rejected'),
  );

  const payout = (status: number, id: string, reference: string, more: object): CallNeed['response'] => ({
    status,
    body: { payout_id: anyId(id), reference, ...more },
  });

  book.call(
    {
      description: 'a payout',
      why: 'The id is how the payout is asked for later; a status that is not final keeps the money reserved.',
      request: post(
        '/payouts',
        { ...acmeMoney, reference: 'pot_acme_pay', destination: 'tok_payout_ok' },
        keyOf('pot_acme_pay'),
      ),
      response: payout(201, 'apo_contract', 'pot_acme_pay', { status: 'pending' }),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayout(payoutAttempt('pot_acme_pay')), {
        kind: 'pending',
        pspReference: 'apo_contract',
      }),
  );

  for (const { state, word, why, fields, kind } of [
    {
      state: paidPayout,
      word: 'Paid',
      why: 'The reservation is posted on this answer, so it must say how much was paid.',
      fields: { status: 'paid', ...acmeMoney },
      kind: 'paid',
    },
    {
      state: failedPayout,
      word: 'Failed',
      why: 'Only a stated failure gives the money back to the wallet.',
      fields: { status: 'failed' },
      kind: 'failed',
    },
    {
      state: returnedPayout,
      word: 'Returned',
      why: 'A payout that was booked as paid must be booked back.',
      fields: { status: 'returned', ...acmeMoney },
      kind: 'returned',
    },
  ] as const) {
    const [reference, id] = [`pot_acme_${word.toLowerCase()}`, `apo_contract${word}`];
    book.call(
      {
        description: 'what became of a payout, by its id',
        why,
        given: [state({ reference, psp_reference: id })],
        request: get(`/payouts/${id}`),
        response: payout(200, id, reference, fields),
      },
      async (adapter) => {
        const report = await adapter.queryPayout(payoutAttempt(reference, { pspReference: id }));
        assert.equal(report.kind, kind);
        if ('money' in report) assert.deepEqual(report.money, MONEY);
      },
    );
  }

  book.call(
    {
      description: 'a search for a payout by our reference',
      why: 'After a lost answer our reference is all that we have.',
      given: [openPayout({ reference: 'pot_acme_search', psp_reference: 'apo_contractSearch' })],
      request: get('/payouts', { reference: 'pot_acme_search' }),
      response: {
        status: 200,
        body: { data: [{ payout_id: anyId('apo_contractSearch'), reference: 'pot_acme_search', status: 'pending' }] },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayout(payoutAttempt('pot_acme_search')), {
        kind: 'pending',
        pspReference: 'apo_contractSearch',
      }),
  );
}
