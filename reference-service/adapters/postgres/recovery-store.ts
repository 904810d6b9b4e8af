/**
 * Recovery of PSPs in PostgreSQL. Unproven is what has a due time and a live attempt at the PSP
 * whose last answer, if any, is older than the PSP's last silence; the partial indexes of due
 * times keep the question small, however many payments there are.
 */
import type { RecoveryStore } from '../../ports/recovery.ts';
import type { DueWork } from '../../ports/stores.ts';
import { integer, sqlOf } from './unit.ts';

const LIVE_AT_PSP = `a.psp = :psp and coalesce(a.answered_at, 0) <= :silentAt
  and (a.status in ('in_doubt', 'requires_action', 'authorized', 'approved') or (a.status = 'sent' and a.psp_reference is not null))`;

const UNPROVEN = `
  select 'deposit' as kind, p.id, p.next_step_at as due_at from payment p join attempt a on a.subject_id = p.id
  where p.next_step_at is not null and ${LIVE_AT_PSP}
    and (p.status = 'pending' or (p.status = 'authorized' and (p.capture_minor is not null or p.cancel_requested_at is not null)))
  union all
  select 'payout', o.id, o.next_step_at from payout o join attempt a on a.subject_id = o.id
  where o.next_step_at is not null and o.status = 'pending' and ${LIVE_AT_PSP}`;

/** Times of a table's due work, each its own moment: earlier than it was, or in line where it was overdue. */
function pull(table: 'payment' | 'payout', kind: DueWork['kind']): string {
  return `update ${table} set next_step_at = cast(:nowMs as bigint) + cast((n.rank - 1) * :gapMs as bigint)
    from numbered n where n.kind = '${kind}' and ${table}.id = n.id
      and (${table}.next_step_at > cast(:nowMs as bigint) + cast((n.rank - 1) * :gapMs as bigint)
        or ${table}.next_step_at < cast(:nowMs as bigint))
    returning 1`;
}

export const recoveryStore: RecoveryStore = {
  async silent(unit, psp, { nowMs, probeAt }) {
    await sqlOf(unit)(
      `insert into psp_recovery as r (psp, since, silent_at, next_step_at) values (:psp, :nowMs, :nowMs, :probeAt)
       on conflict (psp) do update set silent_at = greatest(r.silent_at, excluded.silent_at)`,
      { psp, nowMs, probeAt },
    );
  },
  async hasten(unit, psp, { nowMs, leasedUntil }) {
    const rows = await sqlOf(unit)(
      `update psp_recovery set next_step_at = :nowMs
       where psp = :psp and next_step_at > :nowMs and next_step_at < :leasedUntil and answered_probes = 0
       returning 1 as hastened`,
      { psp, nowMs, leasedUntil },
    );
    return rows.length > 0;
  },
  async take(unit, psp, dueAt, untilMs) {
    const [row] = await sqlOf(unit)<{ since: string; silent_at: string; answered_probes: number }>(
      `update psp_recovery set next_step_at = :untilMs where psp = :psp and next_step_at = :dueAt
       returning since, silent_at, answered_probes`,
      { psp, dueAt, untilMs },
    );
    if (row === undefined) return null;
    return { since: integer(row.since), silentAt: integer(row.silent_at), answeredProbes: row.answered_probes };
  },
  async unanswered(unit, psp, silentAt) {
    const [row] = await sqlOf(unit)<{ kind: DueWork['kind']; id: string; due_at: string }>(
      `select * from (${UNPROVEN}) as work order by due_at, kind, id limit 1`,
      { psp, silentAt },
    );
    return row === undefined ? null : { kind: row.kind, id: row.id, psp: '', dueAt: integer(row.due_at) };
  },
  async pullForward(unit, psp, { silentAt, nowMs, gapMs, limit }) {
    const sql = sqlOf(unit);
    const bindings = { psp, silentAt, nowMs, gapMs, limit };
    const [row] = await sql<{ count: string }>(
      `with numbered as (
         select work.*, row_number() over (order by due_at, kind, id) as rank
         from (select * from (${UNPROVEN}) as all_work order by due_at, kind, id limit :limit) as work
       ), deposits as (${pull('payment', 'deposit')}), payouts as (${pull('payout', 'payout')})
       select count(*) as count from numbered`,
      bindings,
    );
    await sql(
      `update refund set next_step_at = :nowMs where id in (
         select id from refund where psp = :psp and next_step_at > :nowMs order by next_step_at, id limit :limit)`,
      { psp, nowMs, limit },
    );
    await sql(
      `update inbox set next_step_at = :nowMs where psp = :psp and event_id in (
         select event_id from inbox where psp = :psp and next_step_at > :nowMs order by next_step_at, event_id limit :limit)`,
      { psp, nowMs, limit },
    );
    return integer(row?.count ?? 0);
  },
  async pullEvents(unit, psp, { reference, nowMs }) {
    await sqlOf(unit)(
      `update inbox set next_step_at = :nowMs
       where psp = :psp and next_step_at > :nowMs and status = 'waiting' and event->>'reference' = :reference`,
      { psp, reference, nowMs },
    );
  },
  async again(unit, psp, { stepAt, answered }) {
    await sqlOf(unit)(
      'update psp_recovery set next_step_at = :stepAt, answered_probes = answered_probes + :more where psp = :psp',
      { psp, stepAt, more: answered ? 1 : 0 },
    );
  },
  async done(unit, psp, silentAt) {
    const rows = await sqlOf(unit)(
      'delete from psp_recovery where psp = :psp and silent_at = :silentAt returning 1 as done',
      { psp, silentAt },
    );
    return rows.length > 0;
  },
};
