/**
 * Rows: how domain objects lie in tables. One mapping per table, used by every statement.
 */
import type { Attempt, AttemptStatus, Payment, PaymentStatus } from '../../domain/deposit.ts';
import type { Payout, PayoutStatus } from '../../domain/payout.ts';
import { integer, integerOrNull, type SqlValue } from './unit.ts';

type Int = string | number;

export interface PaymentRow {
  id: string;
  txn_id: string;
  player_id: string;
  amount_minor: Int;
  currency: string;
  method: string;
  token: string;
  return_url: string;
  preferred_psp: string | null;
  status: PaymentStatus;
  redirect_url: string | null;
  credited_attempt_id: string | null;
  credited_at: Int | null;
  cancel_requested_at: Int | null;
  created_at: Int;
  updated_at: Int;
  expires_at: Int;
  next_step_at: Int | null;
}

export function paymentOf(row: PaymentRow): Payment {
  return {
    id: row.id,
    txnId: row.txn_id,
    playerId: row.player_id,
    amountMinor: integer(row.amount_minor),
    currency: row.currency,
    method: row.method,
    token: row.token,
    returnUrl: row.return_url,
    preferredPsp: row.preferred_psp,
    status: row.status,
    redirectUrl: row.redirect_url,
    creditedAttemptId: row.credited_attempt_id,
    creditedAt: integerOrNull(row.credited_at),
    cancelRequestedAt: integerOrNull(row.cancel_requested_at),
    createdAt: integer(row.created_at),
    updatedAt: integer(row.updated_at),
    expiresAt: integer(row.expires_at),
    nextStepAt: integerOrNull(row.next_step_at),
  };
}

/** Bindings `p_…` of a payment; `PAYMENT_COLUMNS` lists the columns in the same order. */
export function paymentBindings(payment: Payment): Record<string, SqlValue> {
  return {
    p_id: payment.id,
    p_txn_id: payment.txnId,
    p_player_id: payment.playerId,
    p_amount_minor: payment.amountMinor,
    p_currency: payment.currency,
    p_method: payment.method,
    p_token: payment.token,
    p_return_url: payment.returnUrl,
    p_preferred_psp: payment.preferredPsp,
    p_status: payment.status,
    p_redirect_url: payment.redirectUrl,
    p_credited_attempt_id: payment.creditedAttemptId,
    p_credited_at: payment.creditedAt,
    p_cancel_requested_at: payment.cancelRequestedAt,
    p_created_at: payment.createdAt,
    p_updated_at: payment.updatedAt,
    p_expires_at: payment.expiresAt,
    p_next_step_at: payment.nextStepAt,
  };
}

export const PAYMENT_COLUMNS =
  'id, txn_id, player_id, amount_minor, currency, method, token, return_url, preferred_psp, status, redirect_url, credited_attempt_id, credited_at, cancel_requested_at, created_at, updated_at, expires_at, next_step_at';
export const PAYMENT_VALUES =
  'cast(:p_id as text), cast(:p_txn_id as text), cast(:p_player_id as text), cast(:p_amount_minor as bigint), cast(:p_currency as text), ' +
  'cast(:p_method as text), cast(:p_token as text), cast(:p_return_url as text), cast(:p_preferred_psp as text), cast(:p_status as text), ' +
  'cast(:p_redirect_url as text), cast(:p_credited_attempt_id as text), cast(:p_credited_at as bigint), cast(:p_cancel_requested_at as bigint), ' +
  'cast(:p_created_at as bigint), cast(:p_updated_at as bigint), cast(:p_expires_at as bigint), cast(:p_next_step_at as bigint)';

export interface AttemptRow {
  id: string;
  subject_id: string;
  seq: number;
  psp: string;
  status: AttemptStatus;
  psp_reference: string | null;
  decline_code: string | null;
  decline_class: 'issuer' | 'technical' | null;
  idempotency_key: string;
  return_query: Record<string, string> | null;
  sent_at: Int;
  status_since: Int;
  absent_seen_at: Int | null;
  checks: number;
  created_at: Int;
  updated_at: Int;
}

export function attemptOf(row: AttemptRow): Attempt {
  return {
    id: row.id,
    subjectId: row.subject_id,
    seq: row.seq,
    psp: row.psp,
    status: row.status,
    pspReference: row.psp_reference,
    declineCode: row.decline_code,
    declineClass: row.decline_class,
    idempotencyKey: row.idempotency_key,
    returnQuery: row.return_query,
    sentAt: integer(row.sent_at),
    statusSince: integer(row.status_since),
    absentSeenAt: integerOrNull(row.absent_seen_at),
    checks: row.checks,
    createdAt: integer(row.created_at),
    updatedAt: integer(row.updated_at),
  };
}

export function attemptBindings(kind: 'deposit' | 'payout', attempt: Attempt): Record<string, SqlValue> {
  return {
    a_id: attempt.id,
    a_subject_kind: kind,
    a_subject_id: attempt.subjectId,
    a_seq: attempt.seq,
    a_psp: attempt.psp,
    a_idempotency_key: attempt.idempotencyKey,
    a_sent_at: attempt.sentAt,
    a_created_at: attempt.createdAt,
    ...attemptStateBindings(attempt),
  };
}

/** Bindings of what may change in the life of an attempt. */
export function attemptStateBindings(attempt: Attempt): Record<string, SqlValue> {
  return {
    a_id: attempt.id,
    a_status: attempt.status,
    a_psp_reference: attempt.pspReference,
    a_decline_code: attempt.declineCode,
    a_decline_class: attempt.declineClass,
    a_return_query: attempt.returnQuery === null ? null : JSON.stringify(attempt.returnQuery),
    a_status_since: attempt.statusSince,
    a_absent_seen_at: attempt.absentSeenAt,
    a_checks: attempt.checks,
    a_updated_at: attempt.updatedAt,
  };
}

export const ATTEMPT_COLUMNS =
  'id, subject_kind, subject_id, seq, psp, status, psp_reference, decline_code, decline_class, idempotency_key, return_query, sent_at, status_since, absent_seen_at, checks, created_at, updated_at';
export const ATTEMPT_VALUES =
  'cast(:a_id as text), cast(:a_subject_kind as text), cast(:a_subject_id as text), cast(:a_seq as int), cast(:a_psp as text), ' +
  'cast(:a_status as text), cast(:a_psp_reference as text), cast(:a_decline_code as text), cast(:a_decline_class as text), ' +
  'cast(:a_idempotency_key as text), cast(:a_return_query as jsonb), cast(:a_sent_at as bigint), cast(:a_status_since as bigint), ' +
  'cast(:a_absent_seen_at as bigint), cast(:a_checks as int), cast(:a_created_at as bigint), cast(:a_updated_at as bigint)';

export interface PayoutRow {
  id: string;
  txn_id: string;
  player_id: string;
  amount_minor: Int;
  currency: string;
  method: string;
  destination_token: string;
  preferred_psp: string | null;
  status: PayoutStatus;
  created_at: Int;
  updated_at: Int;
  expires_at: Int;
  next_step_at: Int | null;
}

export function payoutOf(row: PayoutRow): Payout {
  return {
    id: row.id,
    txnId: row.txn_id,
    playerId: row.player_id,
    amountMinor: integer(row.amount_minor),
    currency: row.currency,
    method: row.method,
    destinationToken: row.destination_token,
    preferredPsp: row.preferred_psp,
    status: row.status,
    createdAt: integer(row.created_at),
    updatedAt: integer(row.updated_at),
    expiresAt: integer(row.expires_at),
    nextStepAt: integerOrNull(row.next_step_at),
  };
}
