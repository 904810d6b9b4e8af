/**
 * Refunds in PostgreSQL: unique per payment at a PSP for late successes, per PSP's id for all.
 */
import type { Refund, RefundStore } from '../../ports/money-back.ts';
import { columnsOf } from './columns.ts';
import { sqlOf } from './unit.ts';

const REFUND = columnsOf<Refund>('r', {
  id: ['id', 'text'],
  origin: ['origin', 'text'],
  attemptId: ['attempt_id', 'text'],
  paymentId: ['payment_id', 'text'],
  psp: ['psp', 'text'],
  pspReference: ['psp_reference', 'text'],
  partReference: ['part_reference', 'text'],
  amountMinor: ['amount_minor', 'bigint'],
  bookedMinor: ['booked_minor', 'bigint'],
  explainedMinor: ['explained_minor', 'bigint'],
  currency: ['currency', 'text'],
  reason: ['reason', 'text'],
  idempotencyKey: ['idempotency_key', 'text'],
  status: ['status', 'text'],
  failureReason: ['failure_reason', 'text'],
  sentAt: ['sent_at', 'bigint'],
  finalAt: ['final_at', 'bigint'],
  tries: ['tries', 'int'],
  createdAt: ['created_at', 'bigint'],
  updatedAt: ['updated_at', 'bigint'],
  nextStepAt: ['next_step_at', 'bigint'],
});

const CHANGEABLE = [
  'pspReference',
  'partReference',
  'explainedMinor',
  'status',
  'failureReason',
  'sentAt',
  'finalAt',
  'tries',
  'updatedAt',
  'nextStepAt',
] as const;

type Row = Record<string, unknown>;

function first(rows: readonly Row[]): Refund | null {
  return rows[0] === undefined ? null : REFUND.objectOf(rows[0]);
}

export const refundStore: RefundStore = {
  async insert(unit, refund) {
    const rows = await sqlOf(unit)(
      `insert into refund (${REFUND.names}) values (${REFUND.values}) on conflict do nothing returning 1 as stored`,
      REFUND.bindings(refund),
    );
    return rows.length > 0;
  },
  async find(unit, refundId) {
    return first(await sqlOf(unit)<Row>('select * from refund where id = :refundId', { refundId }));
  },
  async findOf(unit, attemptId, pspReference) {
    return first(
      await sqlOf(unit)<Row>(
        `select * from refund where origin = 'late' and attempt_id = :attemptId
           and coalesce(psp_reference, '') = coalesce(cast(:pspReference as text), '')`,
        { attemptId, pspReference },
      ),
    );
  },
  async findByPart(unit, psp, partReference) {
    return first(
      await sqlOf(unit)<Row>('select * from refund where psp = :psp and part_reference = :partReference', {
        psp,
        partReference,
      }),
    );
  },
  async listOf(unit, paymentId) {
    const rows = await sqlOf(unit)<Row>('select * from refund where payment_id = :paymentId order by position', {
      paymentId,
    });
    return rows.map((row) => REFUND.objectOf(row));
  },
  async anyUnfinished(unit, paymentId) {
    const rows = await sqlOf(unit)(
      `select 1 as found from refund where payment_id = :paymentId and origin = 'late'
         and status in ('wanted', 'received', 'rejected') limit 1`,
      { paymentId },
    );
    return rows.length > 0;
  },
  async save(unit, refund) {
    await sqlOf(unit)(`update refund set ${REFUND.assignments(CHANGEABLE)} where id = :r_id`, REFUND.bindings(refund));
  },
  async takeStep(unit, refundId, dueAt, untilMs) {
    const rows = await sqlOf(unit)(
      'update refund set next_step_at = :untilMs where id = :refundId and next_step_at = :dueAt returning 1 as taken',
      { refundId, dueAt, untilMs },
    );
    return rows.length > 0;
  },
};
