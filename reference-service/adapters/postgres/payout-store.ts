/**
 * Payouts in PostgreSQL; the payout row is the lock, as the payment row is for deposits.
 */
import type { PayoutStore } from '../../ports/stores.ts';
import type { Unit } from '../../ports/unit.ts';
import { attemptsOf } from './deposit-store.ts';
import { PAYOUT } from './rows.ts';
import { sqlOf } from './unit.ts';

async function read(unit: Unit, payoutId: string, suffix: '' | 'for update') {
  const rows = await sqlOf(unit)<Record<string, unknown>>(`select * from payout where id = :payoutId ${suffix}`, {
    payoutId,
  });
  const row = rows[0];
  if (row === undefined) return null;
  return { payout: PAYOUT.objectOf(row), attempts: await attemptsOf(unit, payoutId) };
}

export const payoutStore: PayoutStore = {
  async insert(unit, payout) {
    await sqlOf(unit)(`insert into payout (${PAYOUT.names}) values (${PAYOUT.values})`, PAYOUT.bindings(payout));
  },
  find: (unit, payoutId) => read(unit, payoutId, ''),
  lock: (unit, payoutId) => read(unit, payoutId, 'for update'),
  async save(unit, payout) {
    await sqlOf(unit)(
      `update payout set ${PAYOUT.assignments(['status', 'failureReason', 'updatedAt', 'nextStepAt'])} where id = :o_id`,
      PAYOUT.bindings(payout),
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
