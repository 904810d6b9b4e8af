/** What the service needs of a pay-by-bank provider to take a payment, to learn what became of it, and to end it. */
import assert from 'node:assert/strict';
import type { PactState } from '../../index.ts';
import { attempt, EXAMPLE_URL, MONEY, RETURN_URL } from '../examples.ts';
import { anyId, freshKey } from '../matchers.ts';
import type { CallNeed, PactBook } from '../pact-book.ts';
import {
  canceledPayment,
  capturedPayment,
  createdPayment,
  declinedPayment,
  expiredPayment,
  waitingPayment,
} from '../states.ts';
import {
  atBank,
  bankMoney,
  byBank,
  created,
  createPaymentCall,
  get,
  payment,
  post,
  problem,
  startFlowCall,
} from './wire.ts';

const known = (reference: string, pspReference: string) => attempt(reference, { ...byBank, pspReference });

/** What leads the payer to his bank. */
export function startedFlow(
  id: string,
  reference: string,
  { of = 'a payment', key = '22222222-2222-4222-8222-222222222222' }: { of?: string; key?: string } = {},
): CallNeed {
  return {
    description: `the beginning of the authorization of ${of}`,
    why: 'The payer can only be sent to the page of his bank; without its address nobody can ever pay.',
    given: [createdPayment({ reference: `${reference}_flow`, psp_reference: id })],
    request: startFlowCall(id, key),
    response: { status: 200, body: atBank(EXAMPLE_URL) },
  };
}

export function writePayments(book: PactBook): void {
  const [reference, id] = ['att_open_banking_pay', 'contract-payment-pay'];
  book.call(
    [
      {
        description: 'a payment from a bank account',
        why: 'The id is the only thing that can be asked for later.',
        request: createPaymentCall(reference),
        response: created(id),
      },
      startedFlow(id, reference),
    ],
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt(reference, byBank), { returnUrl: RETURN_URL }), {
        kind: 'requires_action',
        pspReference: id,
        redirectUrl: EXAMPLE_URL,
      }),
  );
  writeQueries(book);
  writeCancels(book);
}

interface Query {
  word: string;
  given: (named: { reference: string; psp_reference: string }) => PactState;
  why: string;
  status: string;
  shown: object;
  kind: string;
}

const QUERIES: readonly Query[] = [
  {
    word: 'settled',
    given: capturedPayment,
    why: 'Settled is money in our account: the wallet is credited on this answer, with the amount that it states.',
    status: 'settled',
    shown: bankMoney,
    kind: 'approved',
  },
  {
    word: 'refused',
    given: declinedPayment,
    why: 'Final: the player may try again, and the reason decides where.',
    status: 'failed',
    shown: { failure_reason: anyId('provider_rejected') },
    kind: 'declined',
  },
  {
    word: 'waiting',
    given: waitingPayment,
    why: 'A payment that waits must not be taken for one that failed; the player is sent to his bank once more.',
    status: 'authorizing',
    shown: atBank(EXAMPLE_URL),
    kind: 'requires_action',
  },
  {
    word: 'canceled',
    given: canceledPayment,
    why: 'Only this reason says that we gave it up ourselves, so it is no decline of the bank.',
    status: 'failed',
    shown: { failure_reason: 'canceled' },
    kind: 'canceled',
  },
  {
    word: 'expired',
    given: expiredPayment,
    why: 'Nobody can pay it any more, so the player may try again.',
    status: 'failed',
    shown: { failure_reason: 'expired' },
    kind: 'declined',
  },
];

function writeQueries(book: PactBook): void {
  for (const { word, given, why, status, shown, kind } of QUERIES) {
    const [reference, id] = [`att_open_banking_get_${word}`, `contract-payment-get-${word}`];
    book.call(
      {
        description: 'what became of a payment',
        why,
        given: [given({ reference, psp_reference: id })],
        request: get(`/v3/payments/${id}`),
        response: { status: 200, body: payment(status, id, reference, shown) },
      },
      async (adapter) => {
        const report = await adapter.queryPayment(known(reference, id));
        assert.equal(report.kind, kind);
        if (report.kind === 'approved') assert.deepEqual(report.money, MONEY);
      },
    );
  }

  const nobodys = '00000000-0000-4000-8000-000000000000';
  book.call(
    {
      description: 'what became of a payment that the provider does not know',
      why: 'Only this answer means absence; any other error leaves the payment in doubt.',
      request: get(`/v3/payments/${nobodys}`),
      response: problem(404),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(known('att_open_banking_nowhere', nobodys)), { kind: 'not_found' }),
  );
}

function writeCancels(book: PactBook): void {
  const [reference, id] = ['att_open_banking_cancel', 'contract-payment-cancel'];
  const given = [waitingPayment({ reference, psp_reference: id })];
  const read: CallNeed = {
    description: 'a payment that is given up',
    why: 'Only what the payer has not authorized can be given up; and afterwards the payment itself says whether it was.',
    given,
    request: get(`/v3/payments/${id}`),
    response: { status: 200, body: payment('authorizing', id, reference, atBank(EXAMPLE_URL)) },
  };
  book.call(
    [
      read,
      {
        description: 'the cancellation of a payment',
        why: 'A key of its own each time: a stored refusal would be given again, and a later cancellation may be possible.',
        given,
        request: post(`/v3/payments/${id}/actions/cancel`, {}, freshKey('33333333-3333-4333-8333-333333333333')),
        response: { status: 202 },
      },
    ],
    async (adapter) => assert.deepEqual(await adapter.cancelPayment(known(reference, id)), { kind: 'received' }),
  );

  const [late, lateId] = ['att_open_banking_late', 'contract-payment-late'];
  book.call(
    {
      description: 'a payment that is to be given up and was paid',
      why: 'A settled payment is refunded, never given up.',
      given: [capturedPayment({ reference: late, psp_reference: lateId })],
      request: get(`/v3/payments/${lateId}`),
      response: { status: 200, body: payment('settled', lateId, late, bankMoney) },
    },
    async (adapter) => assert.equal((await adapter.cancelPayment(known(late, lateId))).kind, 'too_late'),
  );
}
