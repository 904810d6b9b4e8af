/**
 * Mollie's idempotency: `Idempotency-Key` on POST, remembered for an hour (the profile's
 * keyLifeMs). A key belongs to one endpoint and one set of parameters; another use is a 400, a
 * use while the first runs a 409. What the first execution answered is replayed, refusals
 * included; a failure of Mollie's own leaves the key free.
 */
import type { PspProblem } from '../../core/problem.ts';
import type { IdempotencyRules, PspAnswer, PspRequest } from '../dialect.ts';

/** A UUID is what Mollie recommends; the official clients send 24 to 36 characters. */
const MOST_KEY_LENGTH = 255;

export const mollieIdempotency: IdempotencyRules = {
  keyHeader: 'idempotency-key',
  methods: ['POST'],
  required: false,
  maxKeyLength: MOST_KEY_LENGTH,
  scope: () => '',
  fingerprint: (request: PspRequest) => `${request.method} ${request.path}\n${request.rawBody.toString('utf8')}`,
  otherBody: 'refuse',
  keeps: (answer: PspAnswer, _problem: PspProblem | null) => answer.status < 500,
  replayHeaders: { 'idempotent-replayed': 'true' },
  answerHeaders: () => ({}),
};
