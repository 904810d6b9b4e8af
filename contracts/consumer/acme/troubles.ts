/** What the service needs of acme when a request is repeated, refused or fails. */
import assert from 'node:assert/strict';
import { attempt, EXAMPLE_CREDENTIALS, keyOf, MONEY, RETURN_URL, WRONG_API_KEY } from '../examples.ts';
import type { PactBook } from '../pact-book.ts';
import { answeredBefore, failing, otherRequestBefore, outOfService, rateLimited, stillAnswering } from '../states.ts';
import { createPaymentCall, error, payment, taken } from './wire.ts';

const by = { returnUrl: RETURN_URL };

export function writeTroubles(book: PactBook): void {
  book.call(
    {
      description: 'a card payment sent once more under its key',
      why: 'After a lost answer the same call must give the first payment again and make no second one.',
      given: [answeredBefore(keyOf('att_acme_retry'))],
      request: createPaymentCall('att_acme_retry'),
      response: payment(201, 'apay_contractRetry', 'att_acme_retry', taken),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_acme_retry'), by), {
        kind: 'approved',
        pspReference: 'apay_contractRetry',
        money: MONEY,
      }),
  );

  const doubts = [
    {
      word: 'other',
      state: otherRequestBefore,
      what: 'under a key that belongs to another request',
      answer: error(422, 'idempotency_mismatch'),
      why: 'Something else ran under our key, so this is a doubt; only its code tells it from an ordinary refusal.',
    },
    {
      word: 'flight',
      state: stillAnswering,
      what: 'whose first sending is still being worked on',
      answer: error(409, 'in_flight'),
      why: 'The first request may take money any moment, so nothing may be tried elsewhere.',
    },
  ];
  for (const { word, state, what, answer, why } of doubts) {
    const reference = `att_acme_${word}`;
    book.call(
      {
        description: `a card payment ${what}`,
        why,
        given: [state(keyOf(reference))],
        request: createPaymentCall(reference),
        response: answer,
      },
      async (adapter) => assert.equal((await adapter.createPayment(attempt(reference), by)).kind, 'in_doubt'),
    );
  }

  const request = createPaymentCall('att_acme_wrong_key');
  book.call(
    {
      description: 'a call with a wrong API key',
      why: 'acme did nothing, so another provider may be tried at once.',
      request: { ...request, headers: { ...request.headers, Authorization: `Bearer ${WRONG_API_KEY}` } },
      response: error(401, 'unauthorized'),
    },
    async (adapter) => {
      const result = await adapter.createPayment(attempt('att_acme_wrong_key'), by);
      assert.ok(result.kind === 'refused' && result.code === 'unauthorized', JSON.stringify(result));
    },
    { ...EXAMPLE_CREDENTIALS.acme, apiKey: WRONG_API_KEY },
  );

  book.call(
    {
      description: 'a card payment beyond the rate limit',
      why: 'Status 429 says that nothing was done; anything vaguer would be a doubt.',
      given: [rateLimited],
      request: createPaymentCall('att_acme_limited'),
      response: error(429, 'rate_limited'),
    },
    async (adapter) => {
      const result = await adapter.createPayment(attempt('att_acme_limited'), by);
      assert.ok(result.kind === 'refused' && result.code === 'rate_limited', JSON.stringify(result));
    },
  );

  for (const { state, status, code } of [
    { state: failing, status: 500, code: 'internal' },
    { state: outOfService, status: 503, code: 'unavailable' },
  ]) {
    book.call(
      {
        description: `a card payment that is answered ${status}`,
        why: 'The payment may have been made, whatever the error says.',
        given: [state],
        request: createPaymentCall(`att_acme_${status}`),
        response: error(status, code),
      },
      async (adapter) =>
        assert.equal((await adapter.createPayment(attempt(`att_acme_${status}`), by)).kind, 'in_doubt'),
    );
  }
}
