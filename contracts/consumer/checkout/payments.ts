/** What the service needs of Checkout.com to take a payment, to learn what became of it, and to end it. */
import assert from 'node:assert/strict';
import { Matchers } from '@pact-foundation/pact';
import type { PactState } from '../../index.ts';
import { attempt, EXAMPLE_URL, MONEY, RETURN_URL } from '../examples.ts';
import { anyId, freshKey, url } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import {
  authorizedPayment,
  canceledPayment,
  capturedPayment,
  declinedPayment,
  refundedPayment,
  waitingPayment,
} from '../states.ts';
import { bare, checkoutMoney, createPaymentCall, get, payment, post, taken } from './wire.ts';

const by = { returnUrl: RETURN_URL };
const redirect = { status: 'Pending', _links: { redirect: { href: url(EXAMPLE_URL) } } };
const known = (reference: string, pspReference: string) => attempt(reference, { pspReference });

export function writePayments(book: PactBook): void {
  book.call(
    {
      description: 'a card payment that is captured at once',
      why: 'Authorized is not captured: the wallet waits for the capture, which is found by this id and our reference.',
      request: createPaymentCall('att_checkout_pay'),
      response: payment(201, 'pay_contractPay', 'att_checkout_pay', { status: 'Authorized' }),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_checkout_pay'), by), {
        kind: 'pending',
        pspReference: 'pay_contractPay',
      }),
  );

  book.call(
    {
      description: 'a card payment that is authorized only',
      why: 'How much is reserved must be told, because a capture of more than that would be refused.',
      request: createPaymentCall('att_checkout_auth', { capture: 'manual' }),
      response: payment(201, 'pay_contractAuth', 'att_checkout_auth', { status: 'Authorized', ...checkoutMoney }),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_checkout_auth', { capture: 'manual' }), by), {
        kind: 'authorized',
        pspReference: 'pay_contractAuth',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'a card payment that needs the cardholder',
      why: 'The player can only be sent to a URL; without it the payment would wait until it expires.',
      request: createPaymentCall('att_checkout_3ds', {
        threeDs: { enabled: true, challenge_indicator: 'challenge_requested' },
      }),
      response: payment(202, 'pay_contract3ds', 'att_checkout_3ds', redirect),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_checkout_3ds', { token: 'card_3ds' }), by), {
        kind: 'requires_action',
        pspReference: 'pay_contract3ds',
        redirectUrl: EXAMPLE_URL,
      }),
  );

  for (const { what, token, number, code } of [
    { what: 'that the issuer declines', token: 'card_declined', number: '4818924250131070', code: '20062' },
    {
      what: 'without enough money behind it',
      token: 'card_insufficient_funds',
      number: '4544249167673670',
      code: '20051',
    },
  ]) {
    const reference = `att_checkout_${token}`;
    book.call(
      {
        description: `a card payment ${what}`,
        why: 'A decline is an ordinary answer; its code decides whether another provider may be tried.',
        request: createPaymentCall(reference, { number }),
        response: payment(201, 'pay_contractNo', reference, { status: 'Declined', response_code: code }),
      },
      async (adapter) =>
        assert.deepEqual(await adapter.createPayment(attempt(reference, { token }), by), {
          kind: 'declined',
          pspReference: 'pay_contractNo',
          code,
          declineClass: 'issuer',
        }),
    );
  }

  writeQueries(book);
  writeVoids(book);
}

interface Query {
  word: string;
  given: (named: { reference: string; psp_reference: string }) => PactState;
  why: string;
  fields: object;
  kind: string;
}

const QUERIES: readonly Query[] = [
  {
    word: 'Paid',
    given: capturedPayment,
    why: 'A payment without a webhook is credited on this answer, so it must say how much was taken.',
    fields: taken,
    kind: 'approved',
  },
  {
    word: 'Open',
    given: waitingPayment,
    why: 'A payment that waits must not be taken for one that failed.',
    fields: redirect,
    kind: 'requires_action',
  },
  {
    word: 'Voided',
    given: canceledPayment,
    why: 'A voided payment may be tried elsewhere.',
    fields: { status: 'Voided' },
    kind: 'canceled',
  },
  {
    word: 'Refunded',
    given: refundedPayment,
    why: 'The money went back, so it must not be credited.',
    fields: { status: 'Refunded' },
    kind: 'refunded',
  },
];

function writeQueries(book: PactBook): void {
  for (const { word, given, why, fields, kind } of QUERIES) {
    const [reference, id] = [`att_checkout_get_${word.toLowerCase()}`, `pay_contractGet${word}`];
    book.call(
      {
        description: 'what became of a payment, by its id',
        why,
        given: [given({ reference, psp_reference: id })],
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

  const declined = [
    declinedPayment({ reference: 'att_checkout_get_declined', psp_reference: 'pay_contractGetDeclined' }),
  ];
  book.call(
    [
      {
        description: 'what became of a payment, by its id',
        why: 'Final: the player may try again.',
        given: declined,
        request: get('/payments/pay_contractGetDeclined'),
        response: payment(200, 'pay_contractGetDeclined', 'att_checkout_get_declined', { status: 'Declined' }),
      },
      {
        description: 'why a payment was declined',
        why: 'A payment that is asked for says only that it was declined; the code of its action decides whether another provider may be tried.',
        given: declined,
        request: get('/payments/pay_contractGetDeclined/actions'),
        response: { status: 200, body: Matchers.eachLike({ response_code: Matchers.regex(/^[2-4]\d{4}$/, '20062') }) },
      },
    ],
    async (adapter) => {
      const report = await adapter.queryPayment(known('att_checkout_get_declined', 'pay_contractGetDeclined'));
      assert.ok(report.kind === 'declined' && report.code === '20062', JSON.stringify(report));
    },
  );

  book.call(
    {
      description: 'what became of a payment that Checkout.com does not know',
      why: 'Only this answer means absence; any other error leaves the payment in doubt.',
      request: get('/payments/pay_nevergivenoutnevergivenou'),
      response: bare(404),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(known('att_checkout_nowhere', 'pay_nevergivenoutnevergivenou')), {
        kind: 'not_found',
      }),
  );

  book.call(
    {
      description: 'a search for a payment by our reference',
      why: 'After a lost answer our reference is all that we have.',
      given: [capturedPayment({ reference: 'att_checkout_search', psp_reference: 'pay_contractSearch' })],
      request: get('/payments', { reference: 'att_checkout_search', limit: '100' }),
      response: {
        status: 200,
        body: { data: [{ id: anyId('pay_contractSearch'), reference: 'att_checkout_search', ...taken }] },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(attempt('att_checkout_search')), {
        kind: 'approved',
        pspReference: 'pay_contractSearch',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'a search that finds nothing',
      why: 'An empty list is the first half of the proof that a payment was never made.',
      request: get('/payments', { reference: 'att_checkout_never_sent', limit: '100' }),
      response: { status: 200, body: { data: [] } },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(attempt('att_checkout_never_sent')), { kind: 'not_found' }),
  );
}

function writeVoids(book: PactBook): void {
  const voidCall = (reference: string, id: string, key: string) =>
    post(`/payments/${id}/voids`, { reference }, freshKey(key));
  book.call(
    {
      description: 'a void of a payment that was not captured',
      why: 'The action id says that the void was accepted; that it is done is told by an event.',
      given: [authorizedPayment({ reference: 'att_checkout_void', psp_reference: 'pay_contractVoid' })],
      request: voidCall('att_checkout_void', 'pay_contractVoid', '11111111-1111-4111-8111-111111111111'),
      response: { status: 202, body: { action_id: anyId('act_contractVoid') } },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.cancelPayment(known('att_checkout_void', 'pay_contractVoid')), {
        kind: 'received',
      }),
  );

  const late = [capturedPayment({ reference: 'att_checkout_late', psp_reference: 'pay_contractLate' })];
  book.call(
    [
      {
        description: 'a void of a payment that was captured',
        why: 'A 403 without a body says that the state does not allow it; what the state is must then be asked.',
        given: late,
        request: voidCall('att_checkout_late', 'pay_contractLate', '22222222-2222-4222-8222-222222222222'),
        response: bare(403),
      },
      {
        description: 'what became of a payment that could not be voided',
        why: 'A captured payment is refunded, never given up.',
        given: late,
        request: get('/payments/pay_contractLate'),
        response: payment(200, 'pay_contractLate', 'att_checkout_late', taken),
      },
    ],
    async (adapter) =>
      assert.equal((await adapter.cancelPayment(known('att_checkout_late', 'pay_contractLate'))).kind, 'too_late'),
  );
}
