/** Idempotency: a key on every POST, for a day, one name space per account; server errors are not remembered. */
import type { IdempotencyRules } from '../dialect.ts';

export const exampleBankIdempotency: IdempotencyRules = {
  keyHeader: 'idempotency-key',
  methods: ['POST'],
  required: true,
  maxKeyLength: 255,
  scope: () => '',
  fingerprint: (request) => `${request.method} ${request.path}\n${request.rawBody.toString('utf8')}`,
  otherBody: 'refuse',
  keeps: (answer) => answer.status < 500,
  replayHeaders: { 'idempotent-replayed': 'true' },
  answerHeaders: () => ({}),
};
