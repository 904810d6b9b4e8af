/** What the service needs of Mollie when a request is repeated, refused or fails. */
import assert from 'node:assert/strict';
import { Matchers } from '@pact-foundation/pact';
import { writeCommonTroubles } from '../common-troubles.ts';
import { attempt, EXAMPLE_CREDENTIALS, keyOf, MONEY, RETURN_URL, WRONG_API_KEY } from '../examples.ts';
import type { PactBook } from '../pact-book.ts';
import { stillAnswering } from '../states.ts';
import { createPaymentCall, error, payment, taken } from './wire.ts';

/** A test key by its form: test values are never sent with any other. */
const WRONG_KEY = `test_${WRONG_API_KEY}`;
const by = { returnUrl: RETURN_URL };

export function writeTroubles(book: PactBook): void {
  writeCommonTroubles(book, {
    dialect: 'mollie',
    request: (reference) => createPaymentCall(reference),
    repeated: {
      answer: (reference) => ({ status: 201, body: payment('paid', 'tr_contractRetry', reference, taken) }),
      means: { kind: 'approved', pspReference: 'tr_contractRetry', money: MONEY },
    },
    otherRequest: {
      answer: error(400, { detail: Matchers.regex(/^.*[Ii]dempotency.*$/, 'The idempotency key was already used') }),
      why: 'What became of the other request is unknown; only the word idempotency tells this from an ordinary refusal.',
    },
    tooMany: error(429),
    error: (status) => error(status),
    ownErrors: 'The status in the body tells that Mollie answered, not somebody between us.',
  });

  book.call(
    {
      description: 'a payment whose first sending is still being worked on',
      why: 'The first request may take money any moment, so a conflict is a doubt and no refusal.',
      given: [stillAnswering(keyOf('att_mollie_flight'))],
      request: createPaymentCall('att_mollie_flight'),
      response: error(409),
    },
    async (adapter) => assert.equal((await adapter.createPayment(attempt('att_mollie_flight'), by)).kind, 'in_doubt'),
  );

  const request = createPaymentCall('att_mollie_wrong_key');
  book.call(
    {
      description: 'a call with a wrong API key',
      why: 'Mollie did nothing, so another provider may be tried at once.',
      request: { ...request, headers: { ...request.headers, Authorization: `Bearer ${WRONG_KEY}` } },
      response: error(401),
    },
    async (adapter) => {
      const result = await adapter.createPayment(attempt('att_mollie_wrong_key'), by);
      assert.ok(result.kind === 'refused' && result.code === 'unauthorized', JSON.stringify(result));
    },
    { ...EXAMPLE_CREDENTIALS.mollie, apiKey: WRONG_KEY },
  );
}
