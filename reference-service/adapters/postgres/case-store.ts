/**
 * Cases in PostgreSQL: unique per kind and subject, with a history that is only added to.
 */
import type { Case, CaseEvent } from '../../domain/case.ts';
import type { CaseStore } from '../../ports/cases.ts';
import { integer, integerOrNull, sqlOf } from './unit.ts';

interface CaseRow {
  id: string;
  kind: Case['kind'];
  status: Case['status'];
  subject_id: string;
  psp: string | null;
  summary: string;
  open_minor: string | null;
  currency: string | null;
  expectation_id: string | null;
  owner: string | null;
  resolution: Case['resolution'];
  opened_at: string;
  resolved_at: string | null;
}

function caseOf(row: CaseRow): Case {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    subjectId: row.subject_id,
    psp: row.psp,
    summary: row.summary,
    ...(row.open_minor === null || row.currency === null
      ? {}
      : { open: { minor: integer(row.open_minor), currency: row.currency } }),
    ...(row.expectation_id === null ? {} : { expectationId: integer(row.expectation_id) }),
    owner: row.owner,
    resolution: row.resolution,
    openedAt: integer(row.opened_at),
    resolvedAt: integerOrNull(row.resolved_at),
  };
}

interface EventRow {
  id: string;
  type: CaseEvent['type'];
  actor: string | null;
  note: string | null;
  data: Record<string, unknown> | null;
  at: string;
}

const OPEN = `
  with opened as (
    insert into discrepancy (id, kind, status, subject_id, psp, summary, open_minor, currency, expectation_id, opened_at)
    select id, kind, 'open', subject_id, psp, summary, open_minor, currency, expectation_id, cast(:nowMs as bigint)
    from jsonb_to_recordset(cast(:entries as jsonb)) as given (id text, kind text, subject_id text, psp text,
      summary text, open_minor bigint, currency text, expectation_id bigint, n bigint)
    order by n
    on conflict do nothing returning *
  ), told as (
    insert into case_event (case_id, type, note, at) select id, 'opened', summary, cast(:nowMs as bigint) from opened order by position
  )
  select * from opened order by position`;

/** Cases of one statement. */
const BLOCK = 1_000;

export const caseStore: CaseStore = {
  async open(unit, entries, nowMs) {
    const opened: Case[] = [];
    for (let from = 0; from < entries.length; from += BLOCK) {
      const block = entries.slice(from, from + BLOCK).map(({ id, entry }, n) => ({
        n,
        id,
        kind: entry.kind,
        subject_id: entry.subjectId,
        psp: entry.psp,
        summary: entry.summary,
        open_minor: entry.open?.minor ?? null,
        currency: entry.open?.currency ?? null,
        expectation_id: entry.expectationId ?? null,
      }));
      const rows = await sqlOf(unit)<CaseRow>(OPEN, { entries: JSON.stringify(block), nowMs });
      opened.push(...rows.map(caseOf));
    }
    return opened;
  },
  async isOpen(unit, kinds, subjectId) {
    const rows = await sqlOf(unit)(
      `select 1 as found from discrepancy where subject_id = :subjectId and status = 'open' and kind in (select jsonb_array_elements_text(cast(:kinds as jsonb)))`,
      { subjectId, kinds: JSON.stringify(kinds) },
    );
    return rows.length > 0;
  },
  async lockOpen(unit, kind, subjectId) {
    const rows = await sqlOf(unit)<CaseRow>(
      `select * from discrepancy where kind = :kind and subject_id = :subjectId and status = 'open' for update`,
      { kind, subjectId },
    );
    return rows[0] === undefined ? null : caseOf(rows[0]);
  },
  async find(unit, caseId) {
    const rows = await sqlOf(unit)<CaseRow>('select * from discrepancy where id = :caseId', { caseId });
    return rows[0] === undefined ? null : caseOf(rows[0]);
  },
  async lock(unit, caseId) {
    const rows = await sqlOf(unit)<CaseRow>('select * from discrepancy where id = :caseId for update', { caseId });
    return rows[0] === undefined ? null : caseOf(rows[0]);
  },
  async assign(unit, caseId, owner) {
    await sqlOf(unit)('update discrepancy set owner = :owner where id = :caseId', { caseId, owner });
  },
  async resolve(unit, caseId, resolution, nowMs) {
    await sqlOf(unit)(
      `update discrepancy set status = 'resolved', resolution = :resolution, resolved_at = :nowMs where id = :caseId`,
      { caseId, resolution, nowMs },
    );
  },
  async addEvent(unit, caseId, event) {
    await sqlOf(unit)(
      'insert into case_event (case_id, type, actor, note, data, at) values (:caseId, :type, :actor, :note, cast(:data as jsonb), :at)',
      {
        caseId,
        type: event.type,
        actor: event.actor,
        note: event.note,
        data: event.data === null ? null : JSON.stringify(event.data),
        at: event.at,
      },
    );
  },
  async events(unit, caseId) {
    const rows = await sqlOf(unit)<EventRow>('select * from case_event where case_id = :caseId order by id', {
      caseId,
    });
    return rows.map(({ id, type, actor, note, data, at }) => ({
      id: integer(id),
      type,
      actor,
      note,
      data,
      at: integer(at),
    }));
  },
  async list(unit, { status, kind, psp, owner, subjectId, after, limit }) {
    const wanted = { status, kind, psp, owner, subject_id: subjectId };
    const given = Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== null);
    const conditions = given.map(([column]) => `${column} = :${column}`);
    if (after !== null) conditions.push('position > (select position from discrepancy where id = :after)');
    const rows = await sqlOf(unit)<CaseRow>(
      `select * from discrepancy ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`} order by position limit :limit`,
      { ...Object.fromEntries(given), limit, ...(after === null ? {} : { after }) },
    );
    return rows.map(caseOf);
  },
};
