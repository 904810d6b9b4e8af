/**
 * Refunds of late successes in PostgreSQL: unique per attempt.
 */
import type { Refund, RefundStore } from '../../ports/stores.ts';
import { integer, integerOrNull, sqlOf } from './unit.ts';
import type { Unit } from '../../ports/unit.ts';

interface RefundRow {
  id: string;
  attempt_id: string;
  payment_id: string;
  psp: string;
  psp_reference: string | null;
  amount_minor: string;
  currency: string;
  idempotency_key: string;
  status: Refund['status'];
  tries: number;
  next_step_at: string | null;
}

async function findBy(unit: Unit, column: 'id' | 'attempt_id', value: string): Promise<Refund | null> {
  const rows = await sqlOf(unit)<RefundRow>(`select * from refund where ${column} = :value`, { value });
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: row.id,
    attemptId: row.attempt_id,
    paymentId: row.payment_id,
    psp: row.psp,
    pspReference: row.psp_reference,
    amountMinor: integer(row.amount_minor),
    currency: row.currency,
    idempotencyKey: row.idempotency_key,
    status: row.status,
    tries: row.tries,
    nextStepAt: integerOrNull(row.next_step_at),
  };
}

export const refundStore: RefundStore = {
  async insert(unit, refund, nowMs) {
    await sqlOf(unit)(
      `insert into refund (id, attempt_id, payment_id, psp, psp_reference, amount_minor, currency, idempotency_key, status, tries,
         created_at, updated_at, next_step_at)
       values (:id, :attemptId, :paymentId, :psp, :pspReference, :amountMinor, :currency, :idempotencyKey, :status, :tries, :nowMs, :nowMs, :nextStepAt)
       on conflict do nothing`,
      { ...refund, nowMs },
    );
  },
  find: (unit, refundId) => findBy(unit, 'id', refundId),
  findByAttempt: (unit, attemptId) => findBy(unit, 'attempt_id', attemptId),
  async save(unit, refund, nowMs) {
    await sqlOf(unit)(
      `update refund set psp_reference = :pspReference, status = :status, tries = :tries, updated_at = :nowMs, next_step_at = :nextStepAt
       where id = :id`,
      {
        id: refund.id,
        pspReference: refund.pspReference,
        status: refund.status,
        tries: refund.tries,
        nextStepAt: refund.nextStepAt,
        nowMs,
      },
    );
  },
  async takeStep(unit, refundId, dueAt, untilMs) {
    const rows = await sqlOf(unit)(
      'update refund set next_step_at = :untilMs where id = :refundId and next_step_at = :dueAt returning 1 as taken',
      { refundId, dueAt, untilMs },
    );
    return rows.length > 0;
  },
};
