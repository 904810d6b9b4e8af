/**
 * Refunds of late successes and of surplus payments: unique per payment at a PSP.
 */
import type { Refund, RefundStore } from '../../ports/stores.ts';
import { integer, integerOrNull, sqlOf } from './unit.ts';

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

function refundOf(row: RefundRow): Refund {
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
  async find(unit, refundId) {
    const [row] = await sqlOf(unit)<RefundRow>('select * from refund where id = :refundId', { refundId });
    return row === undefined ? null : refundOf(row);
  },
  async findOf(unit, attemptId, pspReference) {
    const [row] = await sqlOf(unit)<RefundRow>(
      `select * from refund where attempt_id = :attemptId and coalesce(psp_reference, '') = coalesce(cast(:pspReference as text), '')`,
      { attemptId, pspReference },
    );
    return row === undefined ? null : refundOf(row);
  },
  async anyUnfinished(unit, paymentId) {
    const rows = await sqlOf(unit)(
      `select 1 as found from refund where payment_id = :paymentId and status in ('wanted', 'received', 'rejected') limit 1`,
      { paymentId },
    );
    return rows.length > 0;
  },
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
