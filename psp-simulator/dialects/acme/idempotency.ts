/**
 * acme's idempotency: a key on every POST, 24 hours, one name space per account. Answers below
 * 500 are replayed, except 409: a conflict may be gone the next time.
 */
import type { IdempotencyRules } from '../dialect.ts';

export const acmeIdempotency: IdempotencyRules = {
  keyHeader: 'idempotency-key',
  methods: ['POST'],
  required: true,
  maxKeyLength: 255,
  scope: () => '',
  fingerprint: (request) => `${request.method} ${request.path}\n${request.rawBody.toString('utf8')}`,
  otherBody: 'refuse',
  keeps: (answer) => answer.status < 500 && answer.status !== 409,
  replayHeaders: { 'idempotent-replayed': 'true' },
  answerHeaders: () => ({}),
};
