/**
 * Cases in PostgreSQL: unique per kind and subject.
 */
import type { CaseKind } from '../../domain/case.ts';
import type { CaseStore } from '../../ports/stores.ts';
import { integer, sqlOf } from './unit.ts';

interface CaseRow {
  id: string;
  kind: CaseKind;
  status: 'open' | 'resolved';
  subject_id: string;
  psp: string | null;
  summary: string;
  opened_at: string;
}

export const caseStore: CaseStore = {
  async open(unit, entry, { id, nowMs }) {
    const rows = await sqlOf(unit)(
      `insert into discrepancy (id, kind, status, subject_id, psp, summary, opened_at)
       values (:id, :kind, 'open', :subjectId, :psp, :summary, :nowMs) on conflict do nothing returning 1 as opened`,
      { id, nowMs, kind: entry.kind, subjectId: entry.subjectId, psp: entry.psp, summary: entry.summary },
    );
    return rows.length > 0;
  },
  async isOpen(unit, kinds, subjectId) {
    const rows = await sqlOf(unit)(
      `select 1 as found from discrepancy where subject_id = :subjectId and status = 'open' and kind in (select jsonb_array_elements_text(cast(:kinds as jsonb)))`,
      { subjectId, kinds: JSON.stringify(kinds) },
    );
    return rows.length > 0;
  },
  async resolve(unit, kind, subjectId) {
    await sqlOf(unit)(
      `update discrepancy set status = 'resolved' where kind = :kind and subject_id = :subjectId and status = 'open'`,
      { kind, subjectId },
    );
  },
  async list(unit) {
    const rows = await sqlOf(unit)<CaseRow>(
      'select id, kind, status, subject_id, psp, summary, opened_at from discrepancy order by position',
    );
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      status: row.status,
      subjectId: row.subject_id,
      psp: row.psp,
      summary: row.summary,
      openedAt: integer(row.opened_at),
    }));
  },
};
