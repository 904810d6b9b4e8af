/**
 * Stripe's idempotency: POST only, keys up to 255 characters, remembered for at least 24 hours
 * (the profile's keyLifeMs). Whatever an execution answered is remembered, a 500 included; a
 * request that was refused before it was executed (bad parameters, lost race, rate limit,
 * unavailable) leaves the key free.
 */
import type { PspProblem } from '../../core/problem.ts';
import type { IdempotencyRules, PspAnswer, PspRequest } from '../dialect.ts';

/** Problems that mean: the request was executed, and this is what came of it. */
const EXECUTED: ReadonlySet<PspProblem['code']> = new Set([
  'not-found',
  'invalid-state',
  'amount-too-large',
  'internal',
]);

export const stripeIdempotency: IdempotencyRules = {
  keyHeader: 'idempotency-key',
  methods: ['POST'],
  required: false,
  maxKeyLength: 255,
  scope: () => '',
  fingerprint: (request: PspRequest) => `${request.method} ${request.path}\n${request.rawBody.toString('utf8')}`,
  otherBody: 'refuse',
  keeps: (_answer: PspAnswer, problem: PspProblem | null) => problem === null || EXECUTED.has(problem.code),
  replayHeaders: { 'idempotent-replayed': 'true' },
  answerHeaders: (key: string) => ({ 'idempotency-key': key }),
};
