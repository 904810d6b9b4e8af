/**
 * Wagering in PostgreSQL: what must still be wagered follows from the player's ledger entries.
 *
 *   open = max(0, open + factor × deposit)      at each deposit
 *   open = max(0, open − bet)                   at each bet
 *
 * which is, at the end, the largest of all sums from some moment to now: one window function.
 * It begins at the last payout that was let through, because then nothing was open.
 */
import type { WageringStore } from '../../ports/players.ts';
import { integer, sqlOf } from './unit.ts';

/**
 * Kinds of the wallet's entries whose amounts ask for (or, negative, no longer ask for) wagers,
 * and kinds that are wagers (negative) or wagers taken back. Others do not matter: winnings.
 */
const DEPOSIT_KINDS = `'deposit_credit', 'deposit_refund', 'refund_reserve', 'refund_void', 'refund_return', 'chargeback', 'chargeback_reversal'`;
const WAGER_KINDS = `'platform_debit', 'round_rollback'`;

export const wageringStore: WageringStore = {
  async require(unit, playerId, { reference, currency, amountMinor }, nowMs) {
    const sql = sqlOf(unit);
    const inserted = await sql(
      `insert into wagering_requirement (player_id, reference, currency, amount_minor, after_entry_id, created_at)
       select :playerId, :reference, :currency, cast(:amountMinor as bigint),
         coalesce((select max(id) from entry where account = :account), 0), cast(:nowMs as bigint)
       on conflict (player_id, reference) do nothing returning 1 as inserted`,
      { playerId, reference, currency, amountMinor, account: `wallet:${playerId}`, nowMs },
    );
    if (inserted.length > 0) return true;
    const same = await sql(
      `select 1 as same from wagering_requirement where player_id = :playerId and reference = :reference
         and currency = :currency and amount_minor = :amountMinor`,
      { playerId, reference, currency, amountMinor },
    );
    return same.length > 0;
  },
  async outstanding(unit, playerId, currency, factor) {
    const rows = await sqlOf(unit)<{ outstanding: string }>(
      `with let_through as (
         select coalesce((select e.id from entry e join transfer t on t.id = e.transfer_id
           where e.account = :account and e.currency = :currency and t.kind = 'payout_reserve'
           order by e.id desc limit 1), 0) as id
       ), moves as (
         select cast(e.id as numeric) as position,
           case when t.kind in (${DEPOSIT_KINDS}) then e.amount_minor * cast(:factor as numeric) else e.amount_minor end as amount
         from entry e join transfer t on t.id = e.transfer_id, let_through
         where e.account = :account and e.currency = :currency and e.id > let_through.id
           and t.kind in (${DEPOSIT_KINDS}, ${WAGER_KINDS})
         union all
         select r.after_entry_id + 0.5, r.amount_minor from wagering_requirement r, let_through
         where r.player_id = :playerId and r.currency = :currency and r.after_entry_id >= let_through.id
       ), sums as (
         select sum(amount) over (order by position desc) as amount from moves
       )
       select ceil(greatest(coalesce(max(amount), 0), 0)) as outstanding from sums`,
      { account: `wallet:${playerId}`, playerId, currency, factor },
    );
    return integer(rows[0]?.outstanding ?? 0);
  },
  async currencies(unit, playerId) {
    const rows = await sqlOf(unit)<{ currency: string }>(
      `select currency from wallet where player_id = :playerId
       union select currency from wagering_requirement where player_id = :playerId order by 1`,
      { playerId },
    );
    return rows.map(({ currency }) => currency);
  },
};
