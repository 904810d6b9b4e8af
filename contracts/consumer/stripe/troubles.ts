/** What the service needs of Stripe when a request is repeated, refused or fails. */
import assert from 'node:assert/strict';
import { attempt, EXAMPLE_CREDENTIALS, keyOf, MONEY, RETURN_URL, WRONG_API_KEY } from '../examples.ts';
import type { PactBook } from '../pact-book.ts';
import { answeredBefore, failing, otherRequestBefore, outOfService, rateLimited, stillAnswering } from '../states.ts';
import { createPaymentCall, error, headers, intent, taken } from './wire.ts';

const by = { returnUrl: RETURN_URL };

export function writeTroubles(book: PactBook): void {
  book.call(
    {
      description: 'a card payment sent once more under its key',
      why: 'After a lost answer the same call must give the first payment again and make no second one.',
      given: [answeredBefore(keyOf('att_stripe_retry'))],
      request: createPaymentCall('att_stripe_retry'),
      response: intent('pi_contractRetry', 'att_stripe_retry', taken),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_stripe_retry'), by), {
        kind: 'approved',
        pspReference: 'pi_contractRetry',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'a card payment under a key that belongs to another request',
      why: 'Something else ran under our key, so this is a doubt; only `idempotency_error` tells it from an ordinary refusal.',
      given: [otherRequestBefore(keyOf('att_stripe_other'))],
      request: createPaymentCall('att_stripe_other'),
      response: error(400, { type: 'idempotency_error' }),
    },
    async (adapter) => assert.equal((await adapter.createPayment(attempt('att_stripe_other'), by)).kind, 'in_doubt'),
  );

  book.call(
    {
      description: 'a card payment whose first sending is still being worked on',
      why: 'The first request may take money any moment, so nothing may be tried elsewhere.',
      given: [stillAnswering(keyOf('att_stripe_flight'))],
      request: createPaymentCall('att_stripe_flight'),
      response: error(409, { code: 'idempotency_key_in_use' }),
    },
    async (adapter) => assert.equal((await adapter.createPayment(attempt('att_stripe_flight'), by)).kind, 'in_doubt'),
  );

  const request = createPaymentCall('att_stripe_wrong_key');
  book.call(
    {
      description: 'a call with a wrong API key',
      why: 'Stripe did nothing, so another provider may be tried at once.',
      request: { ...request, headers: { ...request.headers, ...headers, Authorization: `Bearer ${WRONG_API_KEY}` } },
      response: error(401, {}),
    },
    async (adapter) => {
      const result = await adapter.createPayment(attempt('att_stripe_wrong_key'), by);
      assert.ok(result.kind === 'refused' && result.code === 'unauthorized', JSON.stringify(result));
    },
    { ...EXAMPLE_CREDENTIALS.stripe, apiKey: WRONG_API_KEY },
  );

  book.call(
    {
      description: 'a card payment beyond the rate limit',
      why: 'Status 429 says that nothing was done; anything vaguer would be a doubt.',
      given: [rateLimited],
      request: createPaymentCall('att_stripe_limited'),
      response: error(429, {}),
    },
    async (adapter) => {
      const result = await adapter.createPayment(attempt('att_stripe_limited'), by);
      assert.ok(result.kind === 'refused' && result.code === 'rate_limited', JSON.stringify(result));
    },
  );

  for (const { state, status } of [
    { state: failing, status: 500 },
    { state: outOfService, status: 503 },
  ]) {
    book.call(
      {
        description: `a card payment that is answered ${status}`,
        why: "The payment may have been made. Stripe's own envelope tells that Stripe answered, not somebody between us.",
        given: [state],
        request: createPaymentCall(`att_stripe_${status}`),
        response: error(status, {}),
      },
      async (adapter) =>
        assert.equal((await adapter.createPayment(attempt(`att_stripe_${status}`), by)).kind, 'in_doubt'),
    );
  }
}
