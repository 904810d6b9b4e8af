/**
 * Checkout.com's idempotency: `Cko-Idempotency-Key` on POST, remembered for 24 hours, and only
 * what was answered with 2xx. A refused or failed request is tried again under the same key
 * (checkout.com/docs, Idempotency). Two at the same time: 409. What another body under a known
 * key does is not documented: the first answer is replayed. A key belongs to the path that it
 * was first used with.
 */
import type { PspProblem } from '../../core/problem.ts';
import type { IdempotencyRules, PspAnswer, PspRequest } from '../dialect.ts';

/** Not published; long enough for every id that a merchant may use. */
const MAX_KEY_LENGTH = 255;

export const checkoutIdempotency: IdempotencyRules = {
  keyHeader: 'cko-idempotency-key',
  methods: ['POST'],
  required: false,
  maxKeyLength: MAX_KEY_LENGTH,
  scope: (request: PspRequest) => `${request.method} ${request.path}`,
  fingerprint: (request: PspRequest) => request.rawBody.toString('utf8'),
  otherBody: 'replay',
  keeps: (answer: PspAnswer, problem: PspProblem | null) =>
    problem === null && answer.status >= 200 && answer.status < 300,
  replayHeaders: {},
  answerHeaders: () => ({}),
};
