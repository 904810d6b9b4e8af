/** What the service needs of Adyen when a request is repeated, refused or fails. */
import assert from 'node:assert/strict';
import { attempt, EXAMPLE_CREDENTIALS, keyOf, MONEY, RETURN_URL, WRONG_API_KEY } from '../examples.ts';
import type { PactBook } from '../pact-book.ts';
import { answeredBefore, failing, outOfService, rateLimited, stillAnswering } from '../states.ts';
import { authorised, createPaymentCall, error } from './wire.ts';

const by = { returnUrl: RETURN_URL };

export function writeTroubles(book: PactBook): void {
  book.call(
    {
      description: 'a card payment sent once more under its key',
      why: 'Adyen has no status query: repeating the call is the only question, and must never make a second payment.',
      given: [answeredBefore(keyOf('att_adyen_retry'))],
      request: createPaymentCall('att_adyen_retry'),
      response: authorised('CONTRACTRETRY001', 'att_adyen_retry'),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_adyen_retry'), by), {
        kind: 'approved',
        pspReference: 'CONTRACTRETRY001',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'a card payment whose first sending is still being worked on',
      why: 'The first request may take money any moment; only code 704 tells this from an ordinary refusal.',
      given: [stillAnswering(keyOf('att_adyen_flight'))],
      request: createPaymentCall('att_adyen_flight'),
      response: error(422, { errorCode: '704' }),
    },
    async (adapter) => assert.equal((await adapter.createPayment(attempt('att_adyen_flight'), by)).kind, 'in_doubt'),
  );

  const request = createPaymentCall('att_adyen_wrong_key');
  book.call(
    {
      description: 'a call with a wrong API key',
      why: 'Adyen did nothing, so another provider may be tried at once.',
      request: { ...request, headers: { ...request.headers, 'X-API-Key': WRONG_API_KEY } },
      response: error(401),
    },
    async (adapter) => {
      const result = await adapter.createPayment(attempt('att_adyen_wrong_key'), by);
      assert.ok(result.kind === 'refused' && result.code === 'unauthorized', JSON.stringify(result));
    },
    { ...EXAMPLE_CREDENTIALS.adyen, apiKey: WRONG_API_KEY },
  );

  book.call(
    {
      description: 'a card payment beyond the rate limit',
      why: 'Status 429 says that nothing was done; anything vaguer would be a doubt.',
      given: [rateLimited],
      request: createPaymentCall('att_adyen_limited'),
      response: error(429),
    },
    async (adapter) => {
      const result = await adapter.createPayment(attempt('att_adyen_limited'), by);
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
        why: "The payment may have been made. Adyen's own format tells that Adyen answered, not somebody between us.",
        given: [state],
        request: createPaymentCall(`att_adyen_${status}`),
        response: error(status),
      },
      async (adapter) =>
        assert.equal((await adapter.createPayment(attempt(`att_adyen_${status}`), by)).kind, 'in_doubt'),
    );
  }
}
