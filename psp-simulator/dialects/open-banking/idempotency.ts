/**
 * Idempotency: `Idempotency-Key` on every POST but the token endpoint; that it is there is
 * checked with the signature, which covers it. The documents say six hours or thirty days; the
 * shorter one is kept, because a merchant that counts on the longer one must find out here.
 */
import type { IdempotencyRules } from '../dialect.ts';

export const openBankingIdempotency: IdempotencyRules = {
  keyHeader: 'idempotency-key',
  methods: ['POST'],
  required: false,
  maxKeyLength: 255,
  scope: () => '',
  fingerprint: (request) => `${request.method} ${request.path}\n${request.rawBody.toString('utf8')}`,
  otherBody: 'refuse',
  keeps: (answer) => answer.status < 500 && answer.headers['cache-control'] !== 'no-store',
  replayHeaders: {},
  answerHeaders: () => ({}),
};
