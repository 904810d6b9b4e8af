/** What the service needs of PayPal when a request is repeated, refused or fails. */
import assert from 'node:assert/strict';
import { writeCommonTroubles } from '../common-troubles.ts';
import { attempt, EXAMPLE_CREDENTIALS, keyOf, MONEY, RETURN_URL, WRONG_API_KEY } from '../examples.ts';
import type { PactBook } from '../pact-book.ts';
import { stillAnswering } from '../states.ts';
import { createOrderCall, error, order, taken, tokenRequest } from './wire.ts';

const by = { returnUrl: RETURN_URL };

export function writeTroubles(book: PactBook): void {
  writeCommonTroubles(book, {
    dialect: 'paypal',
    request: (reference) => createOrderCall(reference),
    repeated: {
      // Not the first answer but the order as it is now, and no longer created.
      answer: (reference) => ({
        status: 200,
        body: order({ status: 'COMPLETED', id: 'ORDERCONTRACTRETRY', reference }, { parts: { captures: [taken] } }),
      }),
      means: { kind: 'approved', pspReference: 'ORDERCONTRACTRETRY', money: MONEY },
    },
    tooMany: error(429, 'RATE_LIMIT_REACHED'),
    error: (status) => error(status, status === 503 ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR'),
    ownErrors: 'Their name for it tells that PayPal answered, not somebody between us.',
  });

  book.call(
    {
      description: 'an order whose first sending is still being worked on',
      why: 'The first request may take money any moment; only this issue tells it from an ordinary refusal.',
      given: [stillAnswering(keyOf('att_paypal_flight'))],
      request: createOrderCall('att_paypal_flight'),
      response: error(409, 'RESOURCE_CONFLICT', 'PREVIOUS_REQUEST_IN_PROGRESS'),
    },
    async (adapter) => assert.equal((await adapter.createPayment(attempt('att_paypal_flight'), by)).kind, 'in_doubt'),
  );

  const wrong = { ...EXAMPLE_CREDENTIALS.paypal, clientSecret: WRONG_API_KEY };
  book.call(
    {
      description: 'an access token for a wrong secret',
      why: 'Without a token no payment was sent, so another provider may be tried at once.',
      request: tokenRequest(wrong),
      response: { status: 401, body: { error: 'invalid_client' } },
    },
    async (adapter) => {
      const result = await adapter.createPayment(attempt('att_paypal_wrong_key'), by);
      assert.ok(result.kind === 'refused' && result.code === 'unauthorized', JSON.stringify(result));
    },
    wrong,
  );
}
