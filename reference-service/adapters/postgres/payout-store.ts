/**
 * Payouts in PostgreSQL; the payout row is the lock, as the payment row is for deposits.
 */
import type { PayoutStore } from '../../ports/stores.ts';
import type { Unit } from '../../ports/unit.ts';
import { attemptsOf } from './deposit-store.ts';
import { payoutOf, type PayoutRow } from './rows.ts';
import { sqlOf } from './unit.ts';

async function read(unit: Unit, payoutId: string, suffix: '' | 'for update') {
  const rows = await sqlOf(unit)<PayoutRow>(`select * from payout where id = :payoutId ${suffix}`, { payoutId });
  const row = rows[0];
  if (row === undefined) return null;
  return { payout: payoutOf(row), attempts: await attemptsOf(unit, payoutId) };
}

export const payoutStore: PayoutStore = {
  async insert(unit, payout) {
    await sqlOf(unit)(
      `insert into payout (id, txn_id, player_id, amount_minor, currency, method, destination_token, preferred_psp, status,
         created_at, updated_at, expires_at, next_step_at)
       values (:id, :txnId, :playerId, :amountMinor, :currency, :method, :destinationToken, :preferredPsp, :status,
         :createdAt, :updatedAt, :expiresAt, :nextStepAt)`,
      { ...payout },
    );
  },
  find: (unit, payoutId) => read(unit, payoutId, ''),
  lock: (unit, payoutId) => read(unit, payoutId, 'for update'),
  async save(unit, payout) {
    await sqlOf(unit)(
      'update payout set status = :status, updated_at = :updatedAt, next_step_at = :nextStepAt where id = :id',
      {
        id: payout.id,
        status: payout.status,
        updatedAt: payout.updatedAt,
        nextStepAt: payout.nextStepAt,
      },
    );
  },
  async takeStep(unit, payoutId, dueAt, untilMs) {
    const rows = await sqlOf(unit)(
      'update payout set next_step_at = :untilMs where id = :payoutId and next_step_at = :dueAt returning 1 as taken',
      { payoutId, dueAt, untilMs },
    );
    return rows.length > 0;
  },
};
