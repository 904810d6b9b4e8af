/**
 * Idempotency keys in PostgreSQL. Claiming is one statement: looking first and inserting then
 * would let two requests through.
 */
import type { KeyClaim, KeyStore, StoredKey } from '../../ports/stores.ts';
import { planOf } from './plan.ts';
import { integer, sqlOf, type SqlValue } from './unit.ts';

/**
 * Inserts the claim, or takes over a row whose life is over; gives a row only when the key is ours now.
 * @param condition SQL under which it is tried at all
 */
export const claimKey = (condition = 'true'): string => `
  insert into idempotency_key as k (scope, key, fingerprint, subject_id, locked_until, created_at, expires_at)
  select cast(:k_scope as text), cast(:k_key as text), cast(:k_fingerprint as text), cast(:k_subject_id as text),
    cast(:k_locked_until as bigint), cast(:k_now as bigint), cast(:k_expires_at as bigint)
  where ${condition}
  on conflict (scope, key) do update
    set fingerprint = excluded.fingerprint, subject_id = excluded.subject_id, locked_until = excluded.locked_until,
        response_status = null, response_body = null, created_at = excluded.created_at, expires_at = excluded.expires_at
    where k.expires_at <= excluded.created_at
  returning 1 as claimed`;

export function claimBindings(claim: KeyClaim, subjectId: string | null): Record<string, SqlValue> {
  return {
    k_scope: claim.scope,
    k_key: claim.key,
    k_fingerprint: claim.fingerprint,
    k_subject_id: subjectId,
    k_locked_until: claim.lockedUntilMs,
    k_now: claim.nowMs,
    k_expires_at: claim.expiresAtMs,
  };
}

/** As `jsonb_populate_record` reads it. */
export function claimRow(claim: KeyClaim, subjectId: string): Record<string, unknown> {
  return {
    scope: claim.scope,
    key: claim.key,
    fingerprint: claim.fingerprint,
    subject_id: subjectId,
    locked_until: claim.lockedUntilMs,
    created_at: claim.nowMs,
    expires_at: claim.expiresAtMs,
  };
}

interface KeyRow {
  fingerprint: string;
  subject_id: string | null;
  locked_until: string;
  response_status: number | null;
  response_body: unknown;
}

function keyOf(row: KeyRow): StoredKey {
  return {
    fingerprint: row.fingerprint,
    subjectId: row.subject_id,
    lockedUntilMs: integer(row.locked_until),
    responseStatus: row.response_status,
    responseBody: row.response_body,
  };
}

export const keyStore: KeyStore = {
  async find(unit, scope, key) {
    const rows = await sqlOf(unit)<KeyRow>(
      'select fingerprint, subject_id, locked_until, response_status, response_body from idempotency_key where scope = :scope and key = :key',
      { scope, key },
    );
    return rows[0] === undefined ? null : keyOf(rows[0]);
  },
  async claim(unit, claim, subjectId) {
    const rows = await sqlOf(unit)(claimKey(), claimBindings(claim, subjectId));
    return rows.length > 0;
  },
  async complete(unit, scope, key, answer) {
    const plan = planOf(unit);
    if (plan !== null) return plan.completeKey(scope, key, answer);
    const body = answer.body === null ? null : JSON.stringify(answer.body);
    await sqlOf(unit)(
      `update idempotency_key set response_status = :status, response_body = cast(:body as jsonb), locked_until = 0
       where scope = :scope and key = :key`,
      { scope, key, status: answer.status, body },
    );
  },
  async release(unit, scope, key) {
    await sqlOf(unit)('delete from idempotency_key where scope = :scope and key = :key', { scope, key });
  },
  async reap(unit, nowMs) {
    const rows = await sqlOf(unit)('delete from idempotency_key where expires_at <= :nowMs returning 1 as gone', {
      nowMs,
    });
    return rows.length;
  },
};
