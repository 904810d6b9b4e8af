/**
 * What payouts were checked for, in PostgreSQL: their route, their review, and the ways by
 * which the player's money came and went.
 */
import type { PaymentMethod } from '../../domain/deposit.ts';
import type { PayoutRoute } from '../../domain/payout-checks/closed-loop.ts';
import type { PayoutCheckStore, PayoutReview } from '../../ports/players.ts';
import { integer, integerOrNull, sqlOf, type SqlValue } from './unit.ts';

interface CheckRow {
  route: PayoutRoute | null;
  review_status: PayoutReview['status'] | null;
  review_reasons: string[] | null;
  review_opened_at: string | null;
  review_decided_at: string | null;
  review_note: string | null;
}

function reviewOf(row: CheckRow): PayoutReview | null {
  if (row.review_status === null) return null;
  return {
    status: row.review_status,
    reasons: row.review_reasons ?? [],
    openedAt: integer(row.review_opened_at ?? 0),
    decidedAt: integerOrNull(row.review_decided_at),
    note: row.review_note,
  };
}

function reviewBindings(review: PayoutReview | null): Record<string, SqlValue> {
  return {
    status: review?.status ?? null,
    reasons: review === null ? null : JSON.stringify(review.reasons),
    openedAt: review?.openedAt ?? null,
    decidedAt: review?.decidedAt ?? null,
    note: review?.note ?? null,
  };
}

/** The attempt that counts is the last one: earlier ones came to nothing. */
const WAYS = `
  select method, psp, sum(deposited) as deposited, sum(paid_out) as paid_out, max(deposit_at) as deposit_at from (
    select p.method, a.psp, p.credited_minor - p.refunded_minor - p.disputed_minor as deposited, 0 as paid_out,
      p.credited_at as deposit_at
    from payment p join attempt a on a.id = p.credited_attempt_id
    where p.player_id = :playerId and p.currency = :currency and p.credited_at is not null
    union all
    select o.method, (select a.psp from attempt a where a.subject_id = o.id order by a.seq desc limit 1), 0, o.amount_minor, null
    from payout o
    where o.player_id = :playerId and o.currency = :currency and o.status in ('pending', 'deferred', 'succeeded')
  ) as moves
  group by method, psp order by method, psp nulls last`;

export const payoutCheckStore: PayoutCheckStore = {
  async insert(unit, { payoutId, route, review }) {
    await sqlOf(unit)(
      `insert into payout_check (payout_id, route, review_status, review_reasons, review_opened_at, review_decided_at, review_note)
       values (:payoutId, cast(:route as jsonb), :status, cast(:reasons as jsonb), :openedAt, :decidedAt, :note)`,
      { payoutId, route: route === null ? null : JSON.stringify(route), ...reviewBindings(review) },
    );
  },
  async find(unit, payoutId) {
    const rows = await sqlOf(unit)<CheckRow>('select * from payout_check where payout_id = :payoutId', { payoutId });
    const row = rows[0];
    return row === undefined ? null : { payoutId, route: row.route, review: reviewOf(row) };
  },
  async decide(unit, payoutId, review) {
    await sqlOf(unit)(
      `update payout_check set review_status = :status, review_reasons = cast(:reasons as jsonb),
         review_opened_at = :openedAt, review_decided_at = :decidedAt, review_note = :note
       where payout_id = :payoutId`,
      { payoutId, ...reviewBindings(review) },
    );
  },
  async lockWallet(unit, playerId, currency) {
    await sqlOf(unit)(
      'select 1 as locked from wallet where player_id = :playerId and currency = :currency for update',
      {
        playerId,
        currency,
      },
    );
  },
  async keptDestination(unit, { playerId, psp, method }) {
    const rows = await sqlOf(unit)<{ id: string; psp_token: string }>(
      `select m.id, m.psp_token from payment p join stored_method m on m.id = p.stored_method_id
       where p.player_id = :playerId and m.player_id = :playerId and m.psp = :psp and m.method = :method
         and m.status = 'active' and p.credited_at is not null
       order by p.credited_at desc, p.id limit 1`,
      { playerId, psp, method },
    );
    const row = rows[0];
    return row === undefined ? null : { storedMethodId: row.id, token: row.psp_token };
  },
  async ways(unit, playerId, currency) {
    const rows = await sqlOf(unit)<{
      method: PaymentMethod;
      psp: string | null;
      deposited: string;
      paid_out: string;
      deposit_at: string | null;
    }>(WAYS, { playerId, currency });
    return rows.map((row) => ({
      method: row.method,
      psp: row.psp,
      depositedMinor: integer(row.deposited),
      paidOutMinor: integer(row.paid_out),
      lastDepositAt: integerOrNull(row.deposit_at),
    }));
  },
};
