/** What the service needs of Checkout.com when a request is repeated, refused or fails. */
import assert from 'node:assert/strict';
import { writeCommonTroubles } from '../common-troubles.ts';
import { attempt, EXAMPLE_CREDENTIALS, RETURN_URL, WRONG_API_KEY } from '../examples.ts';
import type { PactBook } from '../pact-book.ts';
import { bare, createPaymentCall, error, payment } from './wire.ts';

/** A sandbox key by its form: test values are never sent with any other. */
const WRONG_KEY = `sk_sbox_${WRONG_API_KEY}`;

export function writeTroubles(book: PactBook): void {
  writeCommonTroubles(book, {
    dialect: 'checkout',
    request: (reference) => createPaymentCall(reference),
    repeated: {
      answer: (reference) => payment(201, 'pay_contractRetry', reference, { status: 'Authorized' }),
      means: { kind: 'pending', pspReference: 'pay_contractRetry' },
    },
    tooMany: error(429, 'too_many_requests'),
    error: (status) => error(status, 'server_error'),
    ownErrors: 'Their error type tells that Checkout.com answered, not somebody between us.',
  });

  const request = createPaymentCall('att_checkout_wrong_key');
  book.call(
    {
      description: 'a call with a wrong API key',
      why: 'Checkout.com did nothing, so another provider may be tried at once; its request id proves that it was the one who refused.',
      request: { ...request, headers: { ...request.headers, Authorization: `Bearer ${WRONG_KEY}` } },
      response: bare(401),
    },
    async (adapter) => {
      const result = await adapter.createPayment(attempt('att_checkout_wrong_key'), { returnUrl: RETURN_URL });
      assert.ok(result.kind === 'refused' && result.code === 'unauthorized', JSON.stringify(result));
    },
    { ...EXAMPLE_CREDENTIALS.checkout, secretKey: WRONG_KEY },
  );
}
