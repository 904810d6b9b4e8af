/**
 * Adyen's idempotency: POST only, keys up to 64 characters, one space for the whole company
 * account whatever the endpoint. A completed request is answered with the stored response, a
 * refusal included; one that is still running with error 704. What a reused key with another
 * body does is not documented: the first response is replayed. Transient errors (rate limit,
 * unavailable, internal) are not stored.
 */
import type { PspProblem } from '../../core/problem.ts';
import type { IdempotencyRules, PspAnswer, PspRequest } from '../dialect.ts';

const NOT_KEPT: ReadonlySet<PspProblem['code']> = new Set([
  'malformed',
  'too-large',
  'unauthorized',
  'not-simulated',
  'idempotency-key-invalid',
  'idempotency-in-flight',
  'rate-limited',
  'internal',
  'unavailable',
]);

export const adyenIdempotency: IdempotencyRules = {
  keyHeader: 'idempotency-key',
  methods: ['POST'],
  required: false,
  maxKeyLength: 64,
  scope: () => '',
  fingerprint: (request: PspRequest) => `${request.method} ${request.path}\n${request.rawBody.toString('utf8')}`,
  otherBody: 'replay',
  keeps: (_answer: PspAnswer, problem: PspProblem | null) => problem === null || !NOT_KEPT.has(problem.code),
  replayHeaders: {},
  answerHeaders: (key: string) => ({ 'idempotency-key': key }),
};
