/**
 * Disputes in PostgreSQL: one row per dispute at a PSP.
 */
import type { Dispute } from '../../domain/dispute.ts';
import type { DisputeStore } from '../../ports/money-back.ts';
import { columnsOf } from './columns.ts';
import { sqlOf } from './unit.ts';

const DISPUTE = columnsOf<Dispute>('d', {
  id: ['id', 'text'],
  paymentId: ['payment_id', 'text'],
  attemptId: ['attempt_id', 'text'],
  playerId: ['player_id', 'text'],
  psp: ['psp', 'text'],
  pspReference: ['psp_reference', 'text'],
  amountMinor: ['amount_minor', 'bigint'],
  currency: ['currency', 'text'],
  status: ['status', 'text'],
  turn: ['turn', 'int'],
  reason: ['reason', 'text'],
  statusAt: ['status_at', 'bigint'],
  lossMinor: ['loss_minor', 'bigint'],
  createdAt: ['created_at', 'bigint'],
  updatedAt: ['updated_at', 'bigint'],
});

const CHANGEABLE = ['status', 'turn', 'reason', 'statusAt', 'lossMinor', 'updatedAt'] as const;

type Row = Record<string, unknown>;

export const disputeStore: DisputeStore = {
  async save(unit, dispute) {
    await sqlOf(unit)(
      `insert into dispute (${DISPUTE.names}) values (${DISPUTE.values})
       on conflict (id) do update set ${DISPUTE.assignments(CHANGEABLE)}`,
      DISPUTE.bindings(dispute),
    );
  },
  async findByReference(unit, psp, pspReference) {
    const rows = await sqlOf(unit)<Row>(
      'select * from dispute where psp = :psp and psp_reference = :pspReference for update',
      { psp, pspReference },
    );
    return rows[0] === undefined ? null : DISPUTE.objectOf(rows[0]);
  },
  async list(unit, { paymentId, limit }) {
    const rows = await sqlOf(unit)<Row>(
      `select * from dispute where ${paymentId === null ? 'true' : 'payment_id = :paymentId'} order by position desc limit :limit`,
      { limit, ...(paymentId === null ? {} : { paymentId }) },
    );
    return rows.map((row) => DISPUTE.objectOf(row));
  },
};
