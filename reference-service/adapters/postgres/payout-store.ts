/**
 * Payouts in PostgreSQL; the payout row is the lock, as the payment row is for deposits.
 */
import type { PayoutReview } from '../../ports/players.ts';
import type { PayoutStore } from '../../ports/stores.ts';
import type { Unit } from '../../ports/unit.ts';
import { attemptsOf } from './deposit-store.ts';
import { PAYOUT } from './rows.ts';
import { integer, sqlOf } from './unit.ts';

const CHANGEABLE = ['status', 'failureReason', 'deferredAt', 'updatedAt', 'expiresAt', 'nextStepAt'] as const;

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
    await sqlOf(unit)(`update payout set ${PAYOUT.assignments(CHANGEABLE)} where id = :o_id`, PAYOUT.bindings(payout));
  },
  async takeStep(unit, payoutId, dueAt, untilMs) {
    const rows = await sqlOf(unit)(
      'update payout set next_step_at = :untilMs where id = :payoutId and next_step_at = :dueAt returning 1 as taken',
      { payoutId, dueAt, untilMs },
    );
    return rows.length > 0;
  },
  async list(unit, { status, review, playerId, after, limit }) {
    const rows = await sqlOf(unit)<Record<string, unknown>>(
      `select o.*, c.review_status from payout o left join payout_check c on c.payout_id = o.id
       where (cast(:status as text) is null or o.status = :status)
         and (cast(:review as text) is null or c.review_status = :review)
         and (cast(:playerId as text) is null or o.player_id = :playerId)
         and (cast(:after as text) is null
           or (o.created_at, o.id) > (select created_at, id from payout where id = :after))
       order by o.created_at, o.id limit :limit`,
      { status, review, playerId, after, limit },
    );
    return rows.map((row) => ({
      payout: PAYOUT.objectOf(row),
      review: row['review_status'] as PayoutReview['status'] | null,
    }));
  },
  async probeDeferred(unit, payoutId, atMs) {
    const rows = await sqlOf(unit)(
      `update payout set next_step_at = cast(:atMs as bigint)
       where id = :payoutId and id = (select id from payout where status = 'deferred' order by created_at, id limit 1)
         and status = 'deferred' and next_step_at > cast(:atMs as bigint)
       returning 1 as moved`,
      { payoutId, atMs },
    );
    return rows.length > 0 ? atMs : null;
  },
  async pullDeferred(unit, { nowMs, everyMs, restMs, most }) {
    const rows = await sqlOf(unit)<{ at: string }>(
      `update payout p set next_step_at = queue.at
       from (select id, greatest(
               cast(:nowMs as bigint) + cast(:everyMs as bigint) * row_number() over (order by created_at, id),
               updated_at + cast(:restMs as bigint)) as at
             from payout where status = 'deferred' order by created_at, id limit :most) as queue
       where p.id = queue.id and p.status = 'deferred' and p.next_step_at > queue.at
       returning p.next_step_at as at`,
      { nowMs, everyMs, restMs, most },
    );
    return rows.length === 0 ? null : Math.min(...rows.map(({ at }) => integer(at)));
  },
};
