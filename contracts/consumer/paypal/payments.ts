/** What the service needs of PayPal to take a payment, to learn what became of it, and to end it. */
import assert from 'node:assert/strict';
import type { PactState } from '../../index.ts';
import { attempt, EXAMPLE_URL, keyOf, MONEY, RETURN_URL } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import {
  authorizedPayment,
  canceledPayment,
  capturedPayment,
  declinedPayment,
  expiredPayment,
  refundedPayment,
  waitingPayment,
} from '../states.ts';
import { writeReturns } from './returns.ts';
import {
  CHALLENGED,
  createOrderCall,
  declinedPart,
  error,
  get,
  order,
  payerAction,
  paypalMoney,
  post,
  taken,
} from './wire.ts';

const by = { returnUrl: RETURN_URL };
const known = (reference: string, pspReference: string) => attempt(reference, { pspReference });

export function writePayments(book: PactBook): void {
  book.call(
    {
      description: 'an order that is paid with a card',
      why: 'The wallet is credited on this answer: with the money of the captures that are completed, and only under our own reference.',
      request: createOrderCall('att_paypal_pay'),
      response: {
        status: 201,
        body: order(
          { status: 'COMPLETED', id: 'ORDERCONTRACTPAY', reference: 'att_paypal_pay' },
          { parts: { captures: [taken] } },
        ),
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_paypal_pay'), by), {
        kind: 'approved',
        pspReference: 'ORDERCONTRACTPAY',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'an order that is authorized only',
      why: 'How much is reserved must be told, because a capture of more than that would be refused.',
      request: createOrderCall('att_paypal_auth', { intent: 'AUTHORIZE' }),
      response: {
        status: 201,
        body: order(
          { status: 'COMPLETED', id: 'ORDERCONTRACTAUTH', reference: 'att_paypal_auth' },
          { parts: { authorizations: [{ status: 'CREATED', amount: paypalMoney }] } },
        ),
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_paypal_auth', { capture: 'manual' }), by), {
        kind: 'authorized',
        pspReference: 'ORDERCONTRACTAUTH',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'an order whose card needs the cardholder',
      why: 'The player can only be sent to a page; without its address the order would wait until it is forgotten.',
      request: createOrderCall('att_paypal_3ds', { number: CHALLENGED }),
      response: {
        status: 201,
        body: order(
          { status: 'PAYER_ACTION_REQUIRED', id: 'ORDERCONTRACT3DS', reference: 'att_paypal_3ds' },
          { more: payerAction(EXAMPLE_URL) },
        ),
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_paypal_3ds', { token: 'card_3ds' }), by), {
        kind: 'requires_action',
        pspReference: 'ORDERCONTRACT3DS',
        redirectUrl: EXAMPLE_URL,
      }),
  );

  for (const { what, token, name, code } of [
    { what: 'that the issuer declines', token: 'card_declined', name: 'CCREJECT-REFUSED', code: '0500' },
    { what: 'without enough money behind it', token: 'card_insufficient_funds', name: 'CCREJECT-IF', code: '5120' },
  ]) {
    const reference = `att_paypal_${token}`;
    book.call(
      {
        description: `an order with a card ${what}`,
        why: 'The order is completed all the same; only its capture says no, and the code decides whether another provider may be tried.',
        request: createOrderCall(reference, { name }),
        response: {
          status: 201,
          body: order(
            { status: 'COMPLETED', id: 'ORDERCONTRACTNO', reference },
            { parts: { captures: [declinedPart(code)] } },
          ),
        },
      },
      async (adapter) =>
        assert.deepEqual(await adapter.createPayment(attempt(reference, { token }), by), {
          kind: 'declined',
          pspReference: 'ORDERCONTRACTNO',
          code,
          declineClass: 'issuer',
        }),
    );
  }

  writeWallet(book);
  writeReturns(book);
  writeQueries(book);
  writeCancels(book);
}

function writeWallet(book: PactBook): void {
  const reference = 'att_paypal_wallet';
  const experience = { user_action: 'PAY_NOW', shipping_preference: 'NO_SHIPPING' };
  const paypal = { experience_context: { return_url: RETURN_URL, cancel_url: RETURN_URL, ...experience } };
  book.call(
    {
      description: 'an order that is paid with a PayPal account',
      why: 'Only on the page of PayPal can the payer log in and approve; its address is the next step.',
      request: post('/v2/checkout/orders', keyOf(reference), {
        intent: 'CAPTURE',
        purchase_units: [{ custom_id: reference, invoice_id: reference, amount: paypalMoney }],
        payment_source: { paypal },
      }),
      response: {
        status: 201,
        body: order(
          { status: 'PAYER_ACTION_REQUIRED', id: 'ORDERCONTRACTWALLET', reference },
          { more: payerAction(EXAMPLE_URL) },
        ),
      },
    },
    async (adapter) =>
      assert.deepEqual(
        await adapter.createPayment(attempt(reference, { method: 'ewallet', token: 'ewallet_ok' }), by),
        { kind: 'requires_action', pspReference: 'ORDERCONTRACTWALLET', redirectUrl: EXAMPLE_URL },
      ),
  );
}

interface Query {
  word: string;
  given: (named: { reference: string; psp_reference: string }) => PactState;
  why: string;
  status: string;
  shown: Parameters<typeof order>[1];
  kind: string;
}

const QUERIES: readonly Query[] = [
  {
    word: 'Paid',
    given: capturedPayment,
    why: 'A payment without a webhook is credited on this answer, so it must say how much was taken.',
    status: 'COMPLETED',
    shown: { parts: { captures: [taken] } },
    kind: 'approved',
  },
  {
    word: 'Declined',
    given: declinedPayment,
    why: 'Final: the player may try again, and the code decides where.',
    status: 'COMPLETED',
    shown: { parts: { captures: [declinedPart('0500')] } },
    kind: 'declined',
  },
  {
    word: 'Open',
    given: waitingPayment,
    why: 'A payment that waits must not be taken for one that failed; the player is sent to its page once more.',
    status: 'PAYER_ACTION_REQUIRED',
    shown: { more: payerAction(EXAMPLE_URL) },
    kind: 'requires_action',
  },
  {
    word: 'Voided',
    given: canceledPayment,
    why: 'A voided authorization takes no money any more, so the payment may be tried elsewhere.',
    status: 'COMPLETED',
    shown: { parts: { authorizations: [{ status: 'VOIDED' }] } },
    kind: 'canceled',
  },
  {
    word: 'Refunded',
    given: refundedPayment,
    why: 'The money went back, so it must not be credited.',
    status: 'COMPLETED',
    shown: { parts: { captures: [{ status: 'REFUNDED' }] } },
    kind: 'refunded',
  },
  {
    word: 'Expired',
    given: expiredPayment,
    why: 'Nobody can pay the order any more, so the player may try again.',
    status: 'VOIDED',
    shown: {},
    kind: 'canceled',
  },
];

function writeQueries(book: PactBook): void {
  for (const { word, given, why, status, shown, kind } of QUERIES) {
    const [reference, id] = [`att_paypal_get_${word.toLowerCase()}`, `ORDERCONTRACTGET${word.toUpperCase()}`];
    book.call(
      {
        description: 'what became of an order',
        why,
        given: [given({ reference, psp_reference: id })],
        request: get(`/v2/checkout/orders/${id}`),
        response: { status: 200, body: order({ status, id, reference }, shown) },
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
      description: 'what became of an order that PayPal does not know',
      why: 'Only this answer means absence; any other error leaves the payment in doubt.',
      request: get('/v2/checkout/orders/0NEVERGIVENOUT000'),
      response: error(404, 'RESOURCE_NOT_FOUND'),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(known('att_paypal_nowhere', '0NEVERGIVENOUT000')), {
        kind: 'not_found',
      }),
  );
}

function writeCancels(book: PactBook): void {
  const [reference, id, part] = ['att_paypal_void', 'ORDERCONTRACTVOID', 'AUTHCONTRACTVOID'];
  const given = [authorizedPayment({ reference, psp_reference: id, part_reference: part })];
  book.call(
    [
      {
        description: 'the authorization of an order that is given up',
        why: 'PayPal voids by the id of the authorization, which only the order names.',
        given,
        request: get(`/v2/checkout/orders/${id}`),
        response: {
          status: 200,
          body: order(
            { status: 'COMPLETED', id, reference },
            { parts: { authorizations: [{ id: anyId(part), status: 'CREATED', amount: paypalMoney }] } },
          ),
        },
      },
      {
        description: 'the void of an authorization',
        why: 'Only the word VOIDED proves that no money can be taken any more.',
        given,
        request: post(`/v2/payments/authorizations/${part}/void`, `${keyOf(reference)}-void`),
        response: { status: 200, body: { status: 'VOIDED' } },
      },
    ],
    async (adapter) => assert.deepEqual(await adapter.cancelPayment(known(reference, id)), { kind: 'canceled' }),
  );

  book.call(
    {
      description: 'an order that is to be given up and was paid',
      why: 'A captured payment is refunded, never given up.',
      given: [capturedPayment({ reference: 'att_paypal_late', psp_reference: 'ORDERCONTRACTLATE' })],
      request: get('/v2/checkout/orders/ORDERCONTRACTLATE'),
      response: {
        status: 200,
        body: order(
          { status: 'COMPLETED', id: 'ORDERCONTRACTLATE', reference: 'att_paypal_late' },
          { parts: { captures: [taken] } },
        ),
      },
    },
    async (adapter) =>
      assert.equal((await adapter.cancelPayment(known('att_paypal_late', 'ORDERCONTRACTLATE'))).kind, 'too_late'),
  );
}
