/** What the service needs of PayPal when the payer comes back: nothing has moved until the order is completed. */
import assert from 'node:assert/strict';
import { attempt, keyOf, MONEY } from '../examples.ts';
import type { CallNeed, PactBook } from '../pact-book.ts';
import { challengeFailed, challengePassed, declinedAfterChallenge } from '../states.ts';
import { declinedPart, get, order, post, taken } from './wire.ts';

const authenticated = (enrolled: string, status: string, shift: string): object => ({
  payment_source: {
    card: {
      authentication_result: {
        liability_shift: shift,
        three_d_secure: { enrollment_status: enrolled, authentication_status: status },
      },
    },
  },
});

export function writeReturns(book: PactBook): void {
  const passed = authenticated('Y', 'Y', 'POSSIBLE');
  const approved = (given: NonNullable<CallNeed['given']>, id: string, reference: string): CallNeed => ({
    description: 'an order whose payer is back',
    why: 'Approved is not paid: it waits for our call, which is made only when the authentication leaves us no liability.',
    given,
    request: get(`/v2/checkout/orders/${id}`),
    response: { status: 200, body: order({ status: 'APPROVED', id, reference }, { more: passed }) },
  });
  const capture = (id: string, reference: string) =>
    post(`/v2/checkout/orders/${id}/capture`, `${keyOf(reference)}-capture`);
  const back = (reference: string, id: string) => [attempt(reference, { pspReference: id }), { token: id }] as const;

  const [reference, id] = ['att_paypal_back', 'ORDERCONTRACTBACK'];
  const given = [challengePassed({ reference, psp_reference: id })];
  book.call(
    [
      approved(given, id, reference),
      {
        description: 'the capture of an approved order',
        why: 'This call moves the money, and the wallet is credited with what its answer says was taken.',
        given,
        request: capture(id, reference),
        response: {
          status: 201,
          body: order({ status: 'COMPLETED', id, reference }, { parts: { captures: [taken] } }),
        },
      },
    ],
    async (adapter) =>
      assert.deepEqual(await adapter.submitReturn?.(...back(reference, id)), {
        kind: 'approved',
        pspReference: id,
        money: MONEY,
      }),
  );

  const [refused, refusedId] = ['att_paypal_back_no', 'ORDERCONTRACTBACKNO'];
  const givenRefused = [declinedAfterChallenge({ reference: refused, psp_reference: refusedId })];
  book.call(
    [
      approved(givenRefused, refusedId, refused),
      {
        description: 'the capture of an approved order that the issuer declines',
        why: 'The order is completed all the same; only its capture says no.',
        given: givenRefused,
        request: capture(refusedId, refused),
        response: {
          status: 201,
          body: order(
            { status: 'COMPLETED', id: refusedId, reference: refused },
            { parts: { captures: [declinedPart('0500')] } },
          ),
        },
      },
    ],
    async (adapter) => assert.equal((await adapter.submitReturn?.(...back(refused, refusedId)))?.kind, 'declined'),
  );

  const [failed, failedId] = ['att_paypal_back_failed', 'ORDERCONTRACTBACKFAILED'];
  book.call(
    {
      description: 'an order whose payer failed the challenge',
      why: 'PayPal would take the money and leave us the liability, so the result of the authentication must be told.',
      given: [challengeFailed({ reference: failed, psp_reference: failedId })],
      request: get(`/v2/checkout/orders/${failedId}`),
      response: {
        status: 200,
        body: order({ status: 'APPROVED', id: failedId, reference: failed }, { more: authenticated('Y', 'N', 'NO') }),
      },
    },
    async (adapter) => {
      const result = await adapter.submitReturn?.(...back(failed, failedId));
      assert.ok(result?.kind === 'declined' && result.code === 'authentication_failed', JSON.stringify(result));
    },
  );
}
