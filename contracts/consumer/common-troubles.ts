/**
 * What every PSP is asked when a request is repeated, refused or fails: the questions are the
 * same, the words of the answers are each PSP's own.
 */
import assert from 'node:assert/strict';
import type { CreatePaymentResult, PspPaymentAttempt } from '../../reference-service/index.ts';
import { attempt as cardAttempt, keyOf, RETURN_URL } from './examples.ts';
import type { CallNeed, PactBook } from './pact-book.ts';
import { answeredBefore, failing, otherRequestBefore, outOfService, rateLimited } from './states.ts';

type Answer = CallNeed['response'];

export interface Troubles {
  dialect: string;
  request(reference: string): CallNeed['request'];
  attempt?: Partial<PspPaymentAttempt>;
  /** The first answer, given again; what it means; and the calls that follow it. */
  repeated: { answer(reference: string): Answer; means: CreatePaymentResult; then?(reference: string): CallNeed[] };
  /** To a request whose key belongs to another one; absent where the PSP answers with the first payment. */
  otherRequest?: { answer: Answer; why: string };
  tooMany: Answer;
  /** An error of theirs, by its status. */
  error(status: number): Answer;
  /** What tells their error from one of somebody between us. */
  ownErrors: string;
}

export function writeCommonTroubles(book: PactBook, troubles: Troubles): void {
  const { dialect, request, repeated, otherRequest } = troubles;
  const by = { returnUrl: RETURN_URL };
  const attempt = (reference: string) => cardAttempt(reference, troubles.attempt);
  const named = (word: string): string => `att_${dialect.replace('-', '_')}_${word}`;

  const retry = named('retry');
  book.call(
    [
      {
        description: 'a payment sent once more under its key',
        why: 'After a lost answer the same call must give the first payment again and make no second one.',
        given: [answeredBefore(keyOf(retry))],
        request: request(retry),
        response: repeated.answer(retry),
      },
      ...(repeated.then?.(retry) ?? []),
    ],
    async (adapter) => assert.deepEqual(await adapter.createPayment(attempt(retry), by), repeated.means),
  );

  if (otherRequest !== undefined) {
    const other = named('other');
    book.call(
      {
        description: 'a payment under a key that belongs to another request',
        why: otherRequest.why,
        given: [otherRequestBefore(keyOf(other))],
        request: request(other),
        response: otherRequest.answer,
      },
      async (adapter) => assert.equal((await adapter.createPayment(attempt(other), by)).kind, 'in_doubt'),
    );
  }

  book.call(
    {
      description: 'a payment beyond the rate limit',
      why: 'Status 429 says that nothing was done; anything vaguer would be a doubt.',
      given: [rateLimited],
      request: request(named('limited')),
      response: troubles.tooMany,
    },
    async (adapter) => {
      const result = await adapter.createPayment(attempt(named('limited')), by);
      assert.ok(result.kind === 'refused' && result.code === 'rate_limited', JSON.stringify(result));
    },
  );

  for (const { state, status } of [
    { state: failing, status: 500 },
    { state: outOfService, status: 503 },
  ])
    book.call(
      {
        description: `a payment that is answered ${status}`,
        why: `The payment may have been made, whatever the error says. ${troubles.ownErrors}`,
        given: [state],
        request: request(named(String(status))),
        response: troubles.error(status),
      },
      async (adapter) =>
        assert.equal((await adapter.createPayment(attempt(named(String(status))), by)).kind, 'in_doubt'),
    );
}
