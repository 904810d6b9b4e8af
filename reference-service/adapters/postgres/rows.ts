/**
 * Rows: how domain objects lie in tables. One description per table, used by every statement.
 */
import type { Attempt, Payment } from '../../domain/deposit.ts';
import type { Payout } from '../../domain/payout.ts';
import { columnsOf } from './columns.ts';
import type { SqlValue } from './values.ts';

export const PAYMENT = columnsOf<Payment>('p', {
  id: ['id', 'text'],
  txnId: ['txn_id', 'text'],
  playerId: ['player_id', 'text'],
  amountMinor: ['amount_minor', 'bigint'],
  currency: ['currency', 'text'],
  method: ['method', 'text'],
  token: ['token', 'text'],
  storedMethodId: ['stored_method_id', 'text'],
  storedToken: ['stored_token', 'text'],
  pinnedPsp: ['pinned_psp', 'text'],
  storeMethod: ['store_method', 'boolean'],
  capture: ['capture', 'text'],
  challenge: ['challenge', 'text'],
  country: ['country', 'text'],
  device: ['device', 'text'],
  bin: ['bin', 'text'],
  bank: ['bank', 'text'],
  returnUrl: ['return_url', 'text'],
  preferredPsp: ['preferred_psp', 'text'],
  traceId: ['trace_id', 'text'],
  status: ['status', 'text'],
  redirectUrl: ['redirect_url', 'text'],
  creditedAttemptId: ['credited_attempt_id', 'text'],
  creditedAt: ['credited_at', 'bigint'],
  creditedMinor: ['credited_minor', 'bigint'],
  refundedMinor: ['refunded_minor', 'bigint'],
  disputedMinor: ['disputed_minor', 'bigint'],
  authorizedAt: ['authorized_at', 'bigint'],
  captureMinor: ['capture_minor', 'bigint'],
  captureAskedAt: ['capture_asked_at', 'bigint'],
  cancelRequestedAt: ['cancel_requested_at', 'bigint'],
  createdAt: ['created_at', 'bigint'],
  updatedAt: ['updated_at', 'bigint'],
  expiresAt: ['expires_at', 'bigint'],
  nextStepAt: ['next_step_at', 'bigint'],
});

export const ATTEMPT = columnsOf<Attempt>('a', {
  id: ['id', 'text'],
  subjectId: ['subject_id', 'text'],
  seq: ['seq', 'int'],
  psp: ['psp', 'text'],
  status: ['status', 'text'],
  pspReference: ['psp_reference', 'text'],
  declineCode: ['decline_code', 'text'],
  declineClass: ['decline_class', 'text'],
  idempotencyKey: ['idempotency_key', 'text'],
  returnQuery: ['return_query', 'jsonb'],
  sentAt: ['sent_at', 'bigint'],
  statusSince: ['status_since', 'bigint'],
  absentSeenAt: ['absent_seen_at', 'bigint'],
  checks: ['checks', 'int'],
  answeredAt: ['answered_at', 'bigint'],
  createdAt: ['created_at', 'bigint'],
  updatedAt: ['updated_at', 'bigint'],
});

/** What changes in the life of a payment; the rest is its beginning. */
export const PAYMENT_CHANGEABLE = [
  'status',
  'redirectUrl',
  'creditedAttemptId',
  'creditedAt',
  'creditedMinor',
  'refundedMinor',
  'disputedMinor',
  'authorizedAt',
  'captureMinor',
  'captureAskedAt',
  'storedMethodId',
  'cancelRequestedAt',
  'updatedAt',
  'nextStepAt',
] as const;

export const ATTEMPT_CHANGEABLE = [
  'status',
  'pspReference',
  'declineCode',
  'declineClass',
  'returnQuery',
  'statusSince',
  'absentSeenAt',
  'checks',
  'answeredAt',
  'sentAt',
  'updatedAt',
] as const;

export const ATTEMPT_COLUMNS = `subject_kind, ${ATTEMPT.names}`;
export const ATTEMPT_VALUES = `cast(:a_subject_kind as text), ${ATTEMPT.values}`;

export function attemptBindings(kind: 'deposit' | 'payout', attempt: Attempt): Record<string, SqlValue> {
  return { a_subject_kind: kind, ...ATTEMPT.bindings(attempt) };
}

export const PAYOUT = columnsOf<Payout>('o', {
  id: ['id', 'text'],
  txnId: ['txn_id', 'text'],
  playerId: ['player_id', 'text'],
  amountMinor: ['amount_minor', 'bigint'],
  currency: ['currency', 'text'],
  method: ['method', 'text'],
  destinationToken: ['destination_token', 'text'],
  country: ['country', 'text'],
  bank: ['bank', 'text'],
  preferredPsp: ['preferred_psp', 'text'],
  traceId: ['trace_id', 'text'],
  status: ['status', 'text'],
  pinnedPsp: ['pinned_psp', 'text'],
  failureReason: ['failure_reason', 'text'],
  deferredAt: ['deferred_at', 'bigint'],
  createdAt: ['created_at', 'bigint'],
  updatedAt: ['updated_at', 'bigint'],
  expiresAt: ['expires_at', 'bigint'],
  nextStepAt: ['next_step_at', 'bigint'],
});
