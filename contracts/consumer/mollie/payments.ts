/** What the service needs of Mollie to take a payment and to learn what became of it. */
import assert from 'node:assert/strict';
import { Matchers } from '@pact-foundation/pact';
import type { PactState } from '../../index.ts';
import { attempt, EXAMPLE_URL, MONEY, RETURN_URL } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import {
  canceledPayment,
  capturedPayment,
  declinedPayment,
  expiredPayment,
  refundedPayment,
  waitingPayment,
} from '../states.ts';
import { checkout, createPaymentCall, error, get, getPayment, mollieMoney, payment, taken } from './wire.ts';

const by = { returnUrl: RETURN_URL };
const known = (reference: string, pspReference: string) => attempt(reference, { pspReference });

export function writePayments(book: PactBook): void {
  book.call(
    {
      description: 'a payment with a card token',
      why: 'The wallet is credited on this answer: with the amount that it states, and only under our own reference.',
      request: createPaymentCall('att_mollie_pay'),
      response: { status: 201, body: payment('paid', 'tr_contractPay', 'att_mollie_pay', taken) },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_mollie_pay'), by), {
        kind: 'approved',
        pspReference: 'tr_contractPay',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'a payment with a card token that is authorized only',
      why: 'How much is reserved must be told, because a capture of more than that would be refused.',
      request: createPaymentCall('att_mollie_auth', { more: { captureMode: 'manual' } }),
      response: { status: 201, body: payment('authorized', 'tr_contractAuth', 'att_mollie_auth', taken) },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_mollie_auth', { capture: 'manual' }), by), {
        kind: 'authorized',
        pspReference: 'tr_contractAuth',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'a payment with a card token that needs the cardholder',
      why: 'The player can only be sent to a page; without its address the payment would wait until it expires.',
      request: createPaymentCall('att_mollie_3ds', { word: 'challenge' }),
      response: { status: 201, body: payment('open', 'tr_contract3ds', 'att_mollie_3ds', checkout(EXAMPLE_URL)) },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_mollie_3ds', { token: 'card_3ds' }), by), {
        kind: 'requires_action',
        pspReference: 'tr_contract3ds',
        redirectUrl: EXAMPLE_URL,
      }),
  );

  for (const { what, word, code } of [
    { what: 'that the issuer declines', word: 'declined', code: anyId('refused') },
    { what: 'without enough money behind it', word: 'insufficient_funds', code: 'insufficient_funds' },
  ]) {
    const reference = `att_mollie_${word}`;
    book.call(
      {
        description: `a payment with a card token ${what}`,
        why: 'A decline is an ordinary answer; its reason is what the player is told and decides whether another provider may be tried.',
        request: createPaymentCall(reference, { word }),
        response: {
          status: 201,
          body: payment('failed', 'tr_contractNo', reference, { details: { failureReason: code } }),
        },
      },
      async (adapter) =>
        assert.deepEqual(await adapter.createPayment(attempt(reference, { token: `card_${word}` }), by), {
          kind: 'declined',
          pspReference: 'tr_contractNo',
          code: word === 'declined' ? 'refused' : word,
          declineClass: 'issuer',
        }),
    );
  }

  writeBankPage(book);
  writeQueries(book);
  writeSearches(book);
}

function writeBankPage(book: PactBook): void {
  const reference = 'att_mollie_bank';
  book.call(
    {
      description: 'a payment from a bank account',
      why: 'The payer chooses and confirms at his bank; the address of the page is the only way there.',
      request: createPaymentCall(reference, { more: { method: 'ideal', cardToken: undefined } }),
      response: { status: 201, body: payment('open', 'tr_contractBank', reference, checkout(EXAMPLE_URL)) },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt(reference, { method: 'bank', token: 'bank_ok' }), by), {
        kind: 'requires_action',
        pspReference: 'tr_contractBank',
        redirectUrl: EXAMPLE_URL,
      }),
  );
}

interface Query {
  word: string;
  given: (named: { reference: string; psp_reference: string }) => PactState;
  why: string;
  status: string;
  shown?: object;
  kind: string;
}

const QUERIES: readonly Query[] = [
  {
    word: 'Paid',
    given: capturedPayment,
    why: 'A payment without a webhook is credited on this answer, so it must say how much was taken.',
    status: 'paid',
    shown: taken,
    kind: 'approved',
  },
  {
    word: 'Failed',
    given: declinedPayment,
    why: 'Final: the player may try again, and the reason decides where.',
    status: 'failed',
    shown: { details: { failureReason: anyId('refused') } },
    kind: 'declined',
  },
  {
    word: 'Open',
    given: waitingPayment,
    why: 'A payment that waits must not be taken for one that failed; the player is sent to its page once more.',
    status: 'open',
    shown: checkout(EXAMPLE_URL),
    kind: 'requires_action',
  },
  {
    word: 'Canceled',
    given: canceledPayment,
    why: 'A canceled payment takes no money any more, so it may be tried elsewhere.',
    status: 'canceled',
    kind: 'canceled',
  },
  {
    word: 'Refunded',
    given: refundedPayment,
    why: 'Mollie calls it paid for ever; only the refunds inside say that the money went back and must not be credited.',
    status: 'paid',
    shown: { ...taken, _embedded: { refunds: [{ status: 'refunded', amount: mollieMoney }] } },
    kind: 'refunded',
  },
  {
    word: 'Expired',
    given: expiredPayment,
    why: 'Nobody can pay it any more, so the player may try again.',
    status: 'expired',
    kind: 'declined',
  },
];

function writeQueries(book: PactBook): void {
  for (const { word, given, why, status, shown, kind } of QUERIES) {
    const [reference, id] = [`att_mollie_get_${word.toLowerCase()}`, `tr_contractGet${word}`];
    book.call(
      {
        description: 'what became of a payment, by its id',
        why,
        given: [given({ reference, psp_reference: id })],
        request: getPayment(id),
        response: { status: 200, body: payment(status, id, reference, shown) },
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
      description: 'what became of a payment that Mollie does not know',
      why: 'Only this answer means absence; any other error leaves the payment in doubt.',
      request: getPayment('tr_neverGivenOut'),
      response: error(404),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(known('att_mollie_nowhere', 'tr_neverGivenOut')), {
        kind: 'not_found',
      }),
  );
}

function writeSearches(book: PactBook): void {
  const [reference, id] = ['att_mollie_search', 'tr_contractSearch'];
  const given = [capturedPayment({ reference, psp_reference: id })];
  book.call(
    [
      {
        description: 'the latest payments',
        why: 'Mollie cannot be asked by our reference: after a lost answer it is looked for in this list, whose end must be told.',
        given,
        request: get('/v2/payments', { limit: '250' }),
        response: {
          status: 200,
          body: {
            _embedded: { payments: Matchers.arrayContaining({ id: anyId(id), metadata: { reference } }) },
            _links: { next: null },
          },
        },
      },
      {
        description: 'what became of a payment that was found in the list',
        why: 'The list embeds no refunds, so the payment itself is read before it is credited.',
        given,
        request: getPayment(id),
        response: { status: 200, body: payment('paid', id, reference, taken) },
      },
    ],
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(attempt(reference)), {
        kind: 'approved',
        pspReference: id,
        money: MONEY,
      }),
  );
}
