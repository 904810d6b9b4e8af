/** What the service needs of a pay-by-bank provider to give money back and to pay it out. */
import assert from 'node:assert/strict';
import { keyOf, MONEY, payoutAttempt, PAYOUT_ID, PLAYER_ID, refund } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { CallNeed, PactBook } from '../pact-book.ts';
import { capturedPayment, failedPayout, paidPayout, refundedPayment, returnedPayout } from '../states.ts';
import { account, bankMoney, get, payment, post, problem } from './wire.ts';

export function writeMoneyOut(book: PactBook): void {
  writeRefunds(book);
  writePayouts(book);
}

function writeRefunds(book: PactBook): void {
  const pathOf = (id: string): string => `/v3/payments/${id}/refunds`;
  const refundCall = (reference: string, { id, name }: { id: string; name: string }): CallNeed['request'] =>
    post(
      pathOf(id),
      {
        amount_in_minor: MONEY.amountMinor,
        reference: name.replaceAll('_', '-').slice(-18),
        metadata: { reference: name, attempt_id: reference },
      },
      keyOf(reference),
    );

  const [reference, id] = ['att_open_banking_refund', 'contract-payment-refund'];
  const given = [capturedPayment({ reference, psp_reference: id })];
  book.call(
    [
      {
        description: 'a list of no refunds',
        why: 'Keys live some hours and a refund may be repeated later: one that is listed under our reference is not made again.',
        given,
        request: get(pathOf(id)),
        response: { status: 200, body: { items: [] } },
      },
      {
        description: 'a refund of a settled payment',
        why: 'The id ties refund events to this refund; that the money has gone is told later.',
        given,
        request: refundCall(reference, { id, name: `${reference}_refund` }),
        response: { status: 202, body: { id: anyId('contract-refund') } },
      },
    ],
    async (adapter) =>
      assert.deepEqual(await adapter.refundPayment(refund(reference, id)), {
        kind: 'received',
        refundReference: 'contract-refund',
      }),
  );

  const [again, againId] = ['att_open_banking_again', 'contract-payment-again'];
  const named = { metadata: { reference: `${again}_refund` } };
  book.call(
    {
      description: 'a list with the refund that was asked for',
      why: 'It is there, so it is not made a second time; its status says whether the money has gone.',
      given: [refundedPayment({ reference: again, psp_reference: againId })],
      request: get(pathOf(againId)),
      response: {
        status: 200,
        body: { items: [{ id: anyId('contract-refund-again'), status: 'executed', ...named }] },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.refundPayment(refund(again, againId)), {
        kind: 'refunded',
        refundReference: 'contract-refund-again',
      }),
  );

  const [left, leftId] = ['att_open_banking_left', 'contract-payment-left'];
  const givenBack = [refundedPayment({ reference: left, psp_reference: leftId })];
  const second = { ...refund(left, leftId), refundId: 'ref_second' };
  book.call(
    [
      {
        description: 'a list with the refund of somebody else',
        why: 'Another reference is another refund: ours is still to be made.',
        given: givenBack,
        request: get(pathOf(leftId)),
        response: { status: 200, body: { items: [{ metadata: { reference: `${left}_refund` } }] } },
      },
      {
        description: 'a refund of more than is left',
        why: 'A problem with status 400 is a definite no, after which nobody waits for a refund.',
        given: givenBack,
        request: refundCall(left, { id: leftId, name: second.refundId }),
        response: problem(400),
      },
    ],
    async (adapter) => assert.equal((await adapter.refundPayment(second)).kind, 'rejected'),
  );
}

const to = { method: 'bank', destinationToken: 'bank_payout_ok' } as const;

function writePayouts(book: PactBook): void {
  book.call(
    {
      description: 'a payout to a bank account',
      why: 'The id is the only thing that a payout can be asked for by; accepted is not paid, and the money stays reserved.',
      request: post(
        '/v3/payouts',
        {
          merchant_account_id: account,
          ...bankMoney,
          beneficiary: {
            type: 'external_account',
            account_holder_name: PLAYER_ID,
            account_identifier: { type: 'iban', iban: 'GB31ASSA00000000000001' },
            reference: PAYOUT_ID.replaceAll('_', '-'),
          },
          metadata: { reference: 'pot_open_banking_pay', payout_id: PAYOUT_ID, player_id: PLAYER_ID },
        },
        keyOf('pot_open_banking_pay'),
      ),
      response: { status: 202, body: { id: anyId('contract-payout') } },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayout(payoutAttempt('pot_open_banking_pay', to)), {
        kind: 'pending',
        pspReference: 'contract-payout',
      }),
  );

  for (const { word, given, why, status, fields, kind } of [
    {
      word: 'paid',
      given: paidPayout,
      why: 'The reservation is posted on this answer, so it must say how much was paid.',
      status: 'executed',
      fields: bankMoney,
      kind: 'paid',
    },
    {
      word: 'failed',
      given: failedPayout,
      why: 'Only a stated failure gives the money back to the wallet, with the reason that the player is told.',
      status: 'failed',
      fields: { failure_reason: anyId('invalid_iban') },
      kind: 'failed',
    },
    {
      word: 'returned',
      given: returnedPayout,
      why: 'A payout that was booked as paid came back and must be booked back: only this reason tells it from one that never left.',
      status: 'failed',
      fields: { failure_reason: 'returned', ...bankMoney },
      kind: 'returned',
    },
  ]) {
    const [reference, id] = [`pot_open_banking_${word}`, `contract-payout-${word}`];
    book.call(
      {
        description: 'what became of a payout',
        why,
        given: [given({ reference, psp_reference: id })],
        request: get(`/v3/payouts/${id}`),
        response: { status: 200, body: payment(status, id, reference, fields) },
      },
      async (adapter) =>
        assert.equal((await adapter.queryPayout(payoutAttempt(reference, { ...to, pspReference: id }))).kind, kind),
    );
  }

  const nobodys = '00000000-0000-4000-8000-000000000000';
  book.call(
    {
      description: 'what became of a payout that the provider does not know',
      why: 'Only this answer means absence; any other error leaves the payout in doubt.',
      request: get(`/v3/payouts/${nobodys}`),
      response: problem(404),
    },
    async (adapter) =>
      assert.deepEqual(
        await adapter.queryPayout(payoutAttempt('pot_open_banking_nowhere', { ...to, pspReference: nobodys })),
        { kind: 'not_found' },
      ),
  );
}
