/**
 * Limits and the sums that they are compared with, in PostgreSQL. The sums are read from the
 * payments themselves: a counter beside them could be wrong.
 */
import type { LimitPeriod } from '../../domain/limits/period.ts';
import { LIMIT_PERIODS, periodWindow } from '../../domain/limits/period.ts';
import type { LimitStore } from '../../ports/players.ts';
import { integer, integerOrNull, sqlOf } from './unit.ts';

export const limitStore: LimitStore = {
  async list(unit, playerId) {
    const rows = await sqlOf(unit)<{
      currency: string;
      period: LimitPeriod;
      amount_minor: string | null;
      pending_amount_minor: string | null;
      pending_at: string | null;
    }>('select * from player_limit where player_id = :playerId', { playerId });
    return rows
      .map((row) => ({
        currency: row.currency,
        period: row.period,
        amountMinor: integerOrNull(row.amount_minor),
        pending:
          row.pending_at === null
            ? null
            : { amountMinor: integerOrNull(row.pending_amount_minor), effectiveAt: integer(row.pending_at) },
      }))
      .sort((a, b) =>
        a.currency === b.currency
          ? LIMIT_PERIODS.indexOf(a.period) - LIMIT_PERIODS.indexOf(b.period)
          : a.currency < b.currency
            ? -1
            : 1,
      );
  },
  async save(unit, playerId, { currency, period, amountMinor, pending }) {
    await sqlOf(unit)(
      `insert into player_limit (player_id, currency, period, amount_minor, pending_amount_minor, pending_at)
       values (:playerId, :currency, :period, :amountMinor, :pendingMinor, :pendingAt)
       on conflict (player_id, currency, period) do update set amount_minor = excluded.amount_minor,
         pending_amount_minor = excluded.pending_amount_minor, pending_at = excluded.pending_at`,
      {
        playerId,
        currency,
        period,
        amountMinor,
        pendingMinor: pending?.amountMinor ?? null,
        pendingAt: pending?.effectiveAt ?? null,
      },
    );
  },
  /** What was captured counts, else what was asked for. A payment belongs to the period in which it began. */
  async deposited(unit, playerId, currency, nowMs) {
    const [day, week, month] = LIMIT_PERIODS.map((period) => periodWindow(period, nowMs).startsAt) as [
      number,
      number,
      number,
    ];
    const rows = await sqlOf(unit)<Record<LimitPeriod, string>>(
      `select coalesce(sum(amount) filter (where created_at >= cast(:day as bigint)), 0) as day,
              coalesce(sum(amount) filter (where created_at >= cast(:week as bigint)), 0) as week,
              coalesce(sum(amount) filter (where created_at >= cast(:month as bigint)), 0) as month
       from (select created_at, coalesce(credited_minor, amount_minor) as amount from payment
             where player_id = :playerId and created_at >= cast(:since as bigint) and currency = :currency
               and status in ('pending', 'authorized', 'succeeded')) as counted`,
      { playerId, currency, day, week, month, since: Math.min(week, month) },
    );
    const row = rows[0];
    if (row === undefined) throw new Error('Bug: a sum without a row');
    return { day: integer(row.day), week: integer(row.week), month: integer(row.month) };
  },
  async paidOut(unit, playerId, currency, sinceMs) {
    const rows = await sqlOf(unit)<{ sum: string }>(
      `select coalesce(sum(amount_minor), 0) as sum from payout
       where player_id = :playerId and created_at >= :sinceMs and currency = :currency
         and status in ('pending', 'deferred', 'succeeded')`,
      { playerId, currency, sinceMs },
    );
    return integer(rows[0]?.sum ?? 0);
  },
};
