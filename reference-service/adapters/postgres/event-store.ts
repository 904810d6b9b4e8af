/**
 * Delivery side of the outbox in PostgreSQL. A claim is one statement: rows that another process
 * is claiming are skipped, and what is claimed is not due again before its lease is over.
 */
import type {
  ClaimedEvent,
  EventStore,
  EventTry,
  OutgoingStatus,
  OutgoingType,
  ReplaySelection,
  ToldEvent,
} from '../../ports/outbox.ts';
import { integer, integerOrNull, sqlOf } from './unit.ts';

interface Row {
  id: string;
  type: OutgoingType;
  subject_id: string;
  player_id: string | null;
  payload: Record<string, unknown>;
  status: OutgoingStatus;
  tries: number;
  replays: number;
  created_at: string;
  delivered_at: string | null;
  next_step_at: string | null;
  lease_until: string | null;
}

interface TryRow {
  number: number;
  at: string;
  status: number | null;
  error: string | null;
  ms: number;
  response_hash: string | null;
  next_step_at: string | null;
}

const COLUMNS = `id, type, subject_id, player_id, payload, status, tries, replays, created_at, delivered_at, next_step_at, lease_until`;

function eventOf(row: Row): ToldEvent {
  return {
    id: row.id,
    type: row.type,
    subjectId: row.subject_id,
    playerId: row.player_id,
    occurredAt: integer(row.created_at),
    data: row.payload,
    status: row.status,
    tries: row.tries,
    replays: row.replays,
    deliveredAt: integerOrNull(row.delivered_at),
    nextStepAt: integerOrNull(row.next_step_at),
  };
}

const CLAIM = `
  with due as (
    select position from outbox
    where next_step_at <= cast(:nowMs as bigint)
      and not exists (select 1 from event_endpoint where url = :url and (disabled_at is not null or paused_until > cast(:nowMs as bigint)))
    order by next_step_at, id limit :limit for update skip locked
  ), claimed as (
    update outbox set next_step_at = cast(:leaseUntil as bigint), lease_until = cast(:leaseUntil as bigint)
    from due where outbox.position = due.position
    returning outbox.*
  )
  select ${COLUMNS} from claimed order by position`;

const RECORD = `
  with logged as (
    insert into outbox_try (event_id, number, at, status, error, ms, response_hash, next_step_at)
    values (:id, :number, :at, cast(:httpStatus as int), cast(:error as text), :ms, cast(:responseHash as text), cast(:nextStepAt as bigint))
  )
  update outbox set status = :status, tries = :number, next_step_at = cast(:nextStepAt as bigint), lease_until = null,
    delivered_at = case when :status = 'delivered' then cast(:at as bigint) + :ms else delivered_at end
  where id = :id and status = 'waiting' and (lease_until = cast(:leaseUntil as bigint) or :status = 'delivered')
  returning 1 as changed`;

const REPLAY = `update outbox set status = 'waiting', tries = 0, replays = replays + 1, lease_until = null, next_step_at = cast(:nowMs as bigint)`;
const NOT_BEING_TOLD = `(lease_until is null or lease_until <= cast(:nowMs as bigint))`;

const SELECTED: Readonly<Record<ReplaySelection, string>> = {
  dead: `status = 'dead'`,
  undelivered: `status in ('dead', 'untold')`,
  all: `true`,
};

export const eventStore: EventStore = {
  async claim(unit, { url, nowMs, leaseUntil, limit }) {
    const rows = await sqlOf(unit)<Row>(CLAIM, { url, nowMs, leaseUntil, limit });
    return rows.map((row): ClaimedEvent => ({ ...eventOf(row), leaseUntil }));
  },
  async nextAt(unit, url) {
    const rows = await sqlOf(unit)<{ next_at: string | null }>(
      `select greatest(min(next_step_at), (select paused_until from event_endpoint where url = :url)) as next_at
       from (select next_step_at from outbox where next_step_at is not null order by next_step_at limit 1) as first
       where not exists (select 1 from event_endpoint where url = :url and disabled_at is not null)
       having min(next_step_at) is not null`,
      { url },
    );
    return integerOrNull(rows[0]?.next_at ?? null);
  },
  async record(unit, { id, leaseUntil }, entry, status) {
    const { number, at, error, ms, responseHash, nextStepAt } = entry;
    const bindings = { id, leaseUntil, number, at, error, ms, responseHash, nextStepAt, status };
    const rows = await sqlOf(unit)(RECORD, { ...bindings, httpStatus: entry.status });
    return rows.length > 0;
  },
  async endpoint(unit, url) {
    const rows = await sqlOf(unit)<{
      paused_until: string | null;
      disabled_at: string | null;
      disabled_reason: string | null;
    }>(`select paused_until, disabled_at, disabled_reason from event_endpoint where url = :url`, { url });
    const row = rows[0];
    return {
      pausedUntil: integerOrNull(row?.paused_until ?? null),
      disabledAt: integerOrNull(row?.disabled_at ?? null),
      disabledReason: row?.disabled_reason ?? null,
    };
  },
  async pause(unit, url, untilMs) {
    await sqlOf(unit)(
      `insert into event_endpoint (url, paused_until) values (:url, :untilMs)
       on conflict (url) do update set paused_until = greatest(event_endpoint.paused_until, excluded.paused_until)`,
      { url, untilMs },
    );
  },
  async disable(unit, url, nowMs, reason) {
    const rows = await sqlOf(unit)(
      `insert into event_endpoint (url, disabled_at, disabled_reason) values (:url, :nowMs, :reason)
       on conflict (url) do update set disabled_at = excluded.disabled_at, disabled_reason = excluded.disabled_reason
       where event_endpoint.disabled_at is null returning 1 as disabled`,
      { url, nowMs, reason },
    );
    return rows.length > 0;
  },
  async resume(unit, url) {
    await sqlOf(unit)(
      `update event_endpoint set paused_until = null, disabled_at = null, disabled_reason = null where url = :url`,
      { url },
    );
  },
  async find(unit, id) {
    const rows = await sqlOf(unit)<Row>(`select ${COLUMNS} from outbox where id = :id`, { id });
    const row = rows[0];
    return row === undefined ? null : eventOf(row);
  },
  async tries(unit, id) {
    const rows = await sqlOf(unit)<TryRow>(
      `select number, at, status, error, ms, response_hash, next_step_at from outbox_try where event_id = :id order by position`,
      { id },
    );
    return rows.map((row): EventTry => ({
      number: row.number,
      at: integer(row.at),
      status: row.status,
      error: row.error,
      ms: row.ms,
      responseHash: row.response_hash,
      nextStepAt: integerOrNull(row.next_step_at),
    }));
  },
  async list(unit, { status, type, subjectId, playerId, since, after, limit }) {
    const rows = await sqlOf(unit)<Row>(
      `select ${COLUMNS} from outbox
       where (cast(:status as text) is null or status = :status) and (cast(:type as text) is null or type = :type)
         and (cast(:subjectId as text) is null or subject_id = :subjectId)
         and (cast(:playerId as text) is null or player_id = :playerId)
         and (cast(:since as bigint) is null or created_at >= cast(:since as bigint))
         and position > coalesce((select position from outbox where id = :after), 0)
       order by position limit :limit`,
      { status, type, subjectId, playerId, since, after, limit },
    );
    return rows.map(eventOf);
  },
  async replay(unit, id, nowMs) {
    const sql = sqlOf(unit);
    const rows = await sql(`${REPLAY} where id = :id and ${NOT_BEING_TOLD} returning 1 as replayed`, { id, nowMs });
    return rows.length > 0 || (await sql(`select 1 as found from outbox where id = :id`, { id })).length > 0;
  },
  async replaySince(unit, { since, only, nowMs }) {
    const rows = await sqlOf(unit)<{ replayed: string }>(
      `with replayed as (${REPLAY} where created_at >= cast(:since as bigint) and ${SELECTED[only]} and ${NOT_BEING_TOLD} returning 1)
       select count(*) as replayed from replayed`,
      { since, nowMs },
    );
    return integer(rows[0]?.replayed ?? 0);
  },
  async reapUntold(unit, beforeMs) {
    const rows = await sqlOf(unit)<{ reaped: string }>(
      `with reaped as (delete from outbox where status = 'untold' and created_at < :beforeMs returning 1)
       select count(*) as reaped from reaped`,
      { beforeMs },
    );
    return integer(rows[0]?.reaped ?? 0);
  },
  async reapTries(unit, beforeMs) {
    const rows = await sqlOf(unit)<{ reaped: string }>(
      `with reaped as (delete from outbox_try where at < :beforeMs returning 1) select count(*) as reaped from reaped`,
      { beforeMs },
    );
    return integer(rows[0]?.reaped ?? 0);
  },
};
