/** What the service needs of acme to take a payment, to learn what became of it, and to end it. */
import assert from 'node:assert/strict';
import { attempt, EXAMPLE_URL, MONEY, RETURN_URL } from '../examples.ts';
import { anyId, freshKey, url } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import { canceledPayment, capturedPayment, challengeFailed, refundedPayment, waitingPayment } from '../states.ts';
import { createPaymentCall, error, get, payment, post, taken } from './wire.ts';

const by = { returnUrl: RETURN_URL };
const redirect = { status: 'requires_action', redirect_url: url(EXAMPLE_URL) };
const known = (reference: string, pspReference: string) => attempt(reference, { pspReference });

export function writePayments(book: PactBook): void {
  book.call(
    {
      description: 'a card payment that is captured at once',
      why: 'Only the captured amount and its currency can be held against what was asked for; the reference proves that the answer is about our attempt.',
      request: createPaymentCall('att_acme_pay'),
      response: payment(201, 'apay_contractPay', 'att_acme_pay', taken),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_acme_pay'), by), {
        kind: 'approved',
        pspReference: 'apay_contractPay',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'a card payment that needs the cardholder',
      why: 'The player can only be sent to a URL; without it the payment would wait until it expires.',
      request: createPaymentCall('att_acme_3ds', 'tok_3ds'),
      response: payment(201, 'apay_contract3ds', 'att_acme_3ds', redirect),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_acme_3ds', { token: 'card_3ds' }), by), {
        kind: 'requires_action',
        pspReference: 'apay_contract3ds',
        redirectUrl: EXAMPLE_URL,
      }),
  );

  for (const { what, token, native, code } of [
    { what: 'that the issuer declines', token: 'card_declined', native: 'tok_declined', code: 'do_not_honor' },
    {
      what: 'without enough money behind it',
      token: 'card_insufficient_funds',
      native: 'tok_insufficient_funds',
      code: 'insufficient_funds',
    },
  ]) {
    const reference = `att_acme_${token}`;
    book.call(
      {
        description: `a card payment ${what}`,
        why: 'A decline is an ordinary answer; its code decides whether another provider may be tried.',
        request: createPaymentCall(reference, native),
        response: payment(201, 'apay_contractNo', reference, { status: 'declined', decline_code: code }),
      },
      async (adapter) =>
        assert.deepEqual(await adapter.createPayment(attempt(reference, { token }), by), {
          kind: 'declined',
          pspReference: 'apay_contractNo',
          code,
          declineClass: 'issuer',
        }),
    );
  }

  for (const { state, word, why, fields, kind } of [
    {
      state: capturedPayment,
      word: 'Paid',
      why: 'A payment without a webhook is credited on this answer, so it must say how much was taken.',
      fields: taken,
      kind: 'approved',
    },
    {
      state: waitingPayment,
      word: 'Open',
      why: 'A payment that waits must not be taken for one that failed.',
      fields: redirect,
      kind: 'requires_action',
    },
    {
      state: challengeFailed,
      word: 'Failed',
      why: 'Final: the player may try again.',
      fields: { status: 'declined', decline_code: 'authentication_failed' },
      kind: 'declined',
    },
    {
      state: canceledPayment,
      word: 'Canceled',
      why: 'A canceled payment may be tried elsewhere.',
      fields: { status: 'canceled' },
      kind: 'canceled',
    },
    {
      state: refundedPayment,
      word: 'Refunded',
      why: 'The money went back, so it must not be credited.',
      fields: { status: 'refunded' },
      kind: 'refunded',
    },
  ] as const) {
    const [reference, id] = [`att_acme_get_${word.toLowerCase()}`, `apay_contractGet${word}`];
    book.call(
      {
        description: 'what became of a payment, by its id',
        why,
        given: [state({ reference, psp_reference: id })],
        request: get(`/payments/${id}`),
        response: payment(200, id, reference, fields),
      },
      async (adapter) => {
        const report = await adapter.queryPayment(known(reference, id));
        assert.equal(report.kind, kind);
        if (report.kind === 'approved') assert.deepEqual(report.money, MONEY);
      },
    );
  }

  book.call(
    {
      description: 'what became of a payment that acme does not know',
      why: 'Only this code means absence; any other error leaves the payment in doubt.',
      request: get('/payments/apay_contractNowhere'),
      response: error(404, 'not_found'),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(known('att_acme_nowhere', 'apay_contractNowhere')), {
        kind: 'not_found',
      }),
  );

  book.call(
    {
      description: 'a search for a payment by our reference',
      why: 'After a lost answer our reference is all that we have.',
      given: [capturedPayment({ reference: 'att_acme_search', psp_reference: 'apay_contractSearch' })],
      request: get('/payments', { reference: 'att_acme_search' }),
      response: {
        status: 200,
        body: { data: [{ payment_id: anyId('apay_contractSearch'), reference: 'att_acme_search', ...taken }] },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(attempt('att_acme_search')), {
        kind: 'approved',
        pspReference: 'apay_contractSearch',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'a search that finds nothing',
      why: 'An empty list is the first half of the proof that a payment was never made.',
      request: get('/payments', { reference: 'att_acme_never_sent' }),
      response: { status: 200, body: { data: [] } },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(attempt('att_acme_never_sent')), { kind: 'not_found' }),
  );

  const beforeVoid = (state: typeof waitingPayment, reference: string, id: string, fields: object) => ({
    description: 'what became of a payment, asked before it is voided',
    why: 'A captured payment is refunded, never voided.',
    given: [state({ reference, psp_reference: id })],
    request: get(`/payments/${id}`),
    response: payment(200, id, reference, fields),
  });

  book.call(
    [
      beforeVoid(waitingPayment, 'att_acme_void', 'apay_contractVoid', { status: 'requires_action' }),
      {
        description: 'a void of a payment that was not captured',
        why: 'Only a stated `canceled` lets the service give the payment up.',
        given: [waitingPayment({ reference: 'att_acme_void', psp_reference: 'apay_contractVoid' })],
        request: post('/payments/apay_contractVoid/void', {}, freshKey('11111111-1111-4111-8111-111111111111')),
        response: payment(200, 'apay_contractVoid', 'att_acme_void', { status: 'canceled' }),
      },
    ],
    async (adapter) =>
      assert.deepEqual(await adapter.cancelPayment(known('att_acme_void', 'apay_contractVoid')), { kind: 'canceled' }),
  );

  book.call(beforeVoid(capturedPayment, 'att_acme_late', 'apay_contractLate', taken), async (adapter) =>
    assert.equal((await adapter.cancelPayment(known('att_acme_late', 'apay_contractLate'))).kind, 'too_late'),
  );
}
