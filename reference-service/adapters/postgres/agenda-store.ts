/**
 * Agenda: everything that waits for a time, from four tables, in one question.
 */
import type { AgendaStore, DueWork } from '../../ports/stores.ts';
import { integer, sqlOf } from './unit.ts';

/** Each branch is limited by itself so that its partial index answers. */
const NEXT = `
  select kind, psp, id, due_at from (
    (select 'deposit' as kind, '' as psp, id, next_step_at as due_at from payment where next_step_at is not null order by next_step_at, id limit :limit)
    union all
    (select 'inbox', psp, event_id, next_step_at from inbox where next_step_at is not null order by next_step_at, psp, event_id limit :limit)
    union all
    (select 'payout', '', id, next_step_at from payout where next_step_at is not null order by next_step_at, id limit :limit)
    union all
    (select 'refund', '', id, next_step_at from refund where next_step_at is not null order by next_step_at, id limit :limit)
    union all
    (select 'reconciliation', psp, psp, next_step_at from reconciliation_watch where next_step_at is not null order by next_step_at, psp limit :limit)
    union all
    (select 'psp', psp, psp, next_step_at from psp_recovery order by next_step_at, psp limit :limit)
  ) as work
  order by due_at, kind, psp, id limit :limit`;

export const agendaStore: AgendaStore = {
  async next(unit, limit) {
    const rows = await sqlOf(unit)<{ kind: DueWork['kind']; psp: string; id: string; due_at: string }>(NEXT, { limit });
    return rows.map((row) => ({ kind: row.kind, psp: row.psp, id: row.id, dueAt: integer(row.due_at) }));
  },
};
