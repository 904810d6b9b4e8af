/**
 * The router's tables in PostgreSQL.
 */
import type { Level } from '../../domain/routing/level.ts';
import type { QualityBucket } from '../../domain/routing/observation.ts';
import { fromStored, toStored, type StoredDecision } from '../../domain/routing/stored-decision.ts';
import type { RoutedAttempt, RouteStore } from '../../ports/routes.ts';
import { integer, sqlOf, type SqlValue } from './unit.ts';

/** For statements that store a decision together with its attempt; bindings by `routeBindings`. */
export const ROUTE_COLUMNS = 'subject_id, seq, attempt_id, session_key, psp, decided_at, decision';
export const ROUTE_VALUES =
  'cast(:r_subject_id as text), cast(:r_seq as int), cast(:r_attempt_id as text), cast(:r_session_key as text), ' +
  'cast(:r_psp as text), cast(:r_decided_at as bigint), cast(:r_decision as json)';

export function routeBindings(routed: RoutedAttempt): Record<string, SqlValue> {
  return Object.fromEntries(Object.entries(routeRow(routed)).map(([column, value]) => [`r_${column}`, value]));
}

/** By column; the decision as text. */
export function routeRow({
  decision,
  seq,
  attemptId,
  sessionKey,
}: RoutedAttempt): Record<string, string | number | null> {
  return {
    subject_id: decision.subjectId,
    seq,
    attempt_id: attemptId,
    session_key: sessionKey,
    psp: decision.psp,
    decided_at: decision.decidedAtMs,
    decision: JSON.stringify(toStored(decision)),
  };
}

/** Sorted by the caller: two processes that add at once must lock rows in one order. */
const ADD = `
  insert into route_quality as known (minute, psp, operation, segment, calls, technical, slow, approved, declined,
    declined_technically, challenged, challenge_failed, latency)
  select minute, psp, operation, segment, calls, technical, slow, approved, declined, "declinedTechnically", challenged,
    "challengeFailed", latency
  from jsonb_to_recordset(cast(:buckets as jsonb)) as given (minute bigint, psp text, operation text, segment text,
    calls bigint, technical bigint, slow bigint, approved bigint, declined bigint, "declinedTechnically" bigint,
    challenged bigint, "challengeFailed" bigint, latency bigint[])
  order by minute, psp, operation, segment
  on conflict (minute, psp, operation, segment) do update set
    calls = known.calls + excluded.calls,
    technical = known.technical + excluded.technical,
    slow = known.slow + excluded.slow,
    approved = known.approved + excluded.approved,
    declined = known.declined + excluded.declined,
    declined_technically = known.declined_technically + excluded.declined_technically,
    challenged = known.challenged + excluded.challenged,
    challenge_failed = known.challenge_failed + excluded.challenge_failed,
    latency = (select array_agg(coalesce(one, 0) + coalesce(other, 0) order by place)
      from unnest(known.latency, excluded.latency) with ordinality as classes (one, other, place))`;

type Row = Record<string, string | number> & { latency: (string | number)[] };

function bucketOf(row: Row): QualityBucket {
  const count = (column: string): number => integer(row[column] as string | number);
  return {
    minute: count('minute'),
    psp: String(row['psp']),
    operation: String(row['operation']) as QualityBucket['operation'],
    segment: String(row['segment']),
    calls: count('calls'),
    technical: count('technical'),
    slow: count('slow'),
    approved: count('approved'),
    declined: count('declined'),
    declinedTechnically: count('declined_technically'),
    challenged: count('challenged'),
    challengeFailed: count('challenge_failed'),
    latency: row.latency.map((value) => integer(value)),
  };
}

async function override(
  unit: Parameters<RouteStore['overrides']>[0],
  entry: { kind: 'level' | 'psp'; name: string; value: string | null; reason: string; nowMs: number },
): Promise<void> {
  const { kind, name, value, reason, nowMs } = entry;
  if (value === null) {
    await sqlOf(unit)('delete from route_override where kind = :kind and name = :name', { kind, name });
    return;
  }
  await sqlOf(unit)(
    `insert into route_override (kind, name, value, reason, set_at) values (:kind, :name, :value, :reason, :nowMs)
     on conflict (kind, name) do update set value = excluded.value, reason = excluded.reason, set_at = excluded.set_at`,
    { kind, name, value, reason, nowMs },
  );
}

export const routeStore: RouteStore = {
  async decisionsOf(unit, subjectId) {
    const rows = await sqlOf(unit)<{
      seq: number;
      attempt_id: string | null;
      session_key: string | null;
      psp: string | null;
      decided_at: string | number;
      decision: StoredDecision;
    }>(
      'select seq, attempt_id, session_key, psp, decided_at, decision from route_decision where subject_id = :subjectId order by seq',
      {
        subjectId,
      },
    );
    return rows.map((row) => ({
      seq: row.seq,
      attemptId: row.attempt_id,
      sessionKey: row.session_key,
      decision: fromStored(row.decision, { subjectId, decidedAtMs: integer(row.decided_at), psp: row.psp }),
    }));
  },
  async insert(unit, routed) {
    await sqlOf(unit)(
      `insert into route_decision (${ROUTE_COLUMNS}) values (${ROUTE_VALUES}) on conflict do nothing`,
      routeBindings(routed),
    );
  },
  async lastOfSession(unit, sessionKey, sinceMs) {
    const rows = await sqlOf(unit)<{ psp: string }>(
      `select psp from route_decision where session_key = :sessionKey and decided_at >= :sinceMs and psp is not null
       order by decided_at desc, subject_id, seq desc limit 1`,
      { sessionKey, sinceMs },
    );
    return rows[0]?.psp ?? null;
  },
  async addObservations(unit, buckets) {
    await sqlOf(unit)(ADD, { buckets: JSON.stringify(buckets) });
  },
  async observationsSince(unit, minute) {
    const rows = await sqlOf(unit)<Row>(
      'select * from route_quality where minute >= :minute order by minute, psp, operation, segment',
      { minute },
    );
    return rows.map(bucketOf);
  },
  async forgetObservations(unit, before) {
    await sqlOf(unit)('delete from route_quality where minute < :before', { before });
  },
  async overrides(unit) {
    const rows = await sqlOf(unit)<{ kind: 'level' | 'psp'; name: string; value: string; reason: string }>(
      'select kind, name, value, reason from route_override order by kind, name',
    );
    const level = rows.find(({ kind }) => kind === 'level');
    return {
      outOfService: Object.fromEntries(
        rows.filter(({ kind }) => kind === 'psp').map(({ name, reason }) => [name, reason]),
      ),
      level: level === undefined ? null : { level: level.value as Level, reason: level.reason },
    };
  },
  overrideLevel: (unit, level, nowMs) =>
    override(unit, { kind: 'level', name: 'service', value: level?.level ?? null, reason: level?.reason ?? '', nowMs }),
  overridePsp: (unit, psp, outOfService, nowMs) =>
    override(unit, {
      kind: 'psp',
      name: psp,
      value: outOfService === null ? null : 'out_of_service',
      reason: outOfService ?? '',
      nowMs,
    }),
};
