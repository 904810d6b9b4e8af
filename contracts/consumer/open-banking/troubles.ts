/** What the service needs of a pay-by-bank provider when a request is repeated, refused or fails. */
import assert from 'node:assert/strict';
import { Matchers } from '@pact-foundation/pact';
import { writeCommonTroubles } from '../common-troubles.ts';
import { attempt, EXAMPLE_CREDENTIALS, EXAMPLE_URL, keyOf, RETURN_URL, WRONG_API_KEY } from '../examples.ts';
import type { PactBook } from '../pact-book.ts';
import { stillAnswering } from '../states.ts';
import { startedFlow } from './payments.ts';
import { byBank, created, createPaymentCall, problem, tokenRequest } from './wire.ts';

const ofTheKey = Matchers.regex(/^.*[Ii]dempotency-[Kk]ey.*$/, 'Idempotency-Key Reuse');
const by = { returnUrl: RETURN_URL };

export function writeTroubles(book: PactBook): void {
  const retried = 'contract-payment-retry';
  writeCommonTroubles(book, {
    dialect: 'open-banking',
    attempt: byBank,
    request: (reference) => createPaymentCall(reference),
    repeated: {
      answer: () => created(retried),
      means: { kind: 'requires_action', pspReference: retried, redirectUrl: EXAMPLE_URL },
      then: (reference) => [
        startedFlow(retried, reference, {
          of: 'a payment that was sent once more',
          key: '44444444-4444-4444-8444-444444444444',
        }),
      ],
    },
    otherRequest: {
      answer: problem(422, ofTheKey),
      why: 'What became of the other request is unknown; only the title tells this from an ordinary refusal.',
    },
    tooMany: problem(429),
    error: (status) => problem(status),
    ownErrors: 'The problem document tells that the provider answered, not somebody between us.',
  });

  const flight = attempt('att_open_banking_flight', byBank);
  book.call(
    {
      description: 'a payment whose first sending is still being worked on',
      why: 'The first request may make the payment any moment, so a conflict is a doubt and no refusal.',
      given: [stillAnswering(keyOf(flight.attemptId))],
      request: createPaymentCall(flight.attemptId),
      response: problem(409, ofTheKey),
    },
    async (adapter) => assert.equal((await adapter.createPayment(flight, by)).kind, 'in_doubt'),
  );

  const wrong = { ...EXAMPLE_CREDENTIALS['open-banking'], clientSecret: WRONG_API_KEY };
  book.call(
    {
      description: 'an access token for a wrong secret',
      why: 'Without a token no payment was sent, so another provider may be tried at once.',
      request: tokenRequest(wrong),
      response: { status: 400, body: { error: 'invalid_client' } },
    },
    async (adapter) => {
      const result = await adapter.createPayment(attempt('att_open_banking_wrong_key', byBank), by);
      assert.ok(result.kind === 'refused' && result.code === 'unauthorized', JSON.stringify(result));
    },
    wrong,
  );
}
