/**
 * Log of deliveries, counts of refusals and a view of the inbox, in PostgreSQL.
 */
import type { PspEvent } from '../../ports/psp-adapter.ts';
import type {
  Delivery,
  InboxStatus,
  LoggedDelivery,
  ReceivedBytes,
  ReceivedEvent,
  RefusalCount,
  WebhookLogStore,
} from '../../ports/webhook-log.ts';
import { integer, integerOrNull, sqlOf } from './unit.ts';

interface EventRow {
  psp: string;
  event: PspEvent;
  status: InboxStatus;
  outcome: string | null;
  tries: number;
  replays: number;
  received_at: string;
  next_step_at: string | null;
}

const EVENT_COLUMNS = `psp, event, status, outcome, tries, replays, received_at, next_step_at`;

function receivedOf(row: EventRow): ReceivedEvent {
  return {
    psp: row.psp,
    event: row.event,
    status: row.status,
    outcome: row.outcome,
    tries: row.tries,
    replays: row.replays,
    receivedAt: integer(row.received_at),
    nextStepAt: integerOrNull(row.next_step_at),
  };
}

export const webhookLogStore: WebhookLogStore = {
  async append(unit, deliveries, refusals) {
    const sql = sqlOf(unit);
    if (deliveries.length > 0) {
      await sql(
        `insert into webhook_delivery (psp, received_at, status, event_ids, ms)
         select psp, received_at, status, event_ids, ms
         from jsonb_to_recordset(cast(:rows as jsonb)) as row (psp text, received_at bigint, status text, event_ids jsonb, ms int)`,
        {
          rows: JSON.stringify(
            deliveries.map(({ psp, receivedAt, status, eventIds, ms }) => ({
              psp,
              received_at: receivedAt,
              status,
              event_ids: eventIds,
              ms,
            })),
          ),
        },
      );
    }
    if (refusals.length > 0) {
      // In one order everywhere: two processes must not lock the counts crosswise.
      await sql(
        `insert into webhook_refusal (psp, reason, hour, count)
         select psp, reason, hour, count
         from jsonb_to_recordset(cast(:rows as jsonb)) as row (psp text, reason text, hour bigint, count int)
         order by psp, reason, hour
         on conflict (psp, reason, hour) do update set count = webhook_refusal.count + excluded.count`,
        { rows: JSON.stringify(refusals) },
      );
    }
  },
  async deliveries(unit, { psp, status, since, before, limit }) {
    const rows = await sqlOf(unit)<{
      position: string;
      psp: string;
      received_at: string;
      status: Delivery['status'];
      event_ids: string[];
      ms: number;
    }>(
      `select position, psp, received_at, status, event_ids, ms from webhook_delivery
       where (cast(:psp as text) is null or psp = :psp) and (cast(:status as text) is null or status = :status)
         and (cast(:since as bigint) is null or received_at >= cast(:since as bigint))
         and (cast(:before as bigint) is null or position < cast(:before as bigint))
       order by position desc limit :limit`,
      { psp, status, since, before, limit },
    );
    return rows.map((row): LoggedDelivery => ({
      position: integer(row.position),
      psp: row.psp,
      receivedAt: integer(row.received_at),
      status: row.status,
      eventIds: row.event_ids,
      ms: row.ms,
    }));
  },
  async refusals(unit, { psp, since }) {
    const rows = await sqlOf(unit)<{ psp: string; reason: string; hour: string; count: string }>(
      `select psp, reason, hour, count from webhook_refusal
       where (cast(:psp as text) is null or psp = :psp) and (cast(:since as bigint) is null or hour + 3600000 > cast(:since as bigint))
       order by hour desc, psp, reason`,
      { psp, since },
    );
    return rows.map((row): RefusalCount => ({ ...row, hour: integer(row.hour), count: integer(row.count) }));
  },
  async events(unit, { psp, status, after, limit }) {
    const rows = await sqlOf(unit)<EventRow>(
      `select ${EVENT_COLUMNS} from inbox
       where status = :status and (cast(:psp as text) is null or psp = :psp)
         and (cast(:afterId as text) is null or (received_at, psp, event_id) >
           (select received_at, psp, event_id from inbox where psp = :afterPsp and event_id = :afterId))
       order by received_at, psp, event_id limit :limit`,
      { psp, status, afterPsp: after?.psp ?? null, afterId: after?.eventId ?? null, limit },
    );
    return rows.map(receivedOf);
  },
  async find(unit, { psp, eventId }) {
    const rows = await sqlOf(unit)<
      EventRow & { origin: ReceivedBytes['origin']; raw_body: Buffer; headers: Record<string, string> }
    >(`select ${EVENT_COLUMNS}, origin, raw_body, headers from inbox where psp = :psp and event_id = :eventId`, {
      psp,
      eventId,
    });
    const row = rows[0];
    if (row === undefined) return null;
    return { ...receivedOf(row), origin: row.origin, rawBody: Buffer.from(row.raw_body), headers: row.headers };
  },
  async revive(unit, { psp, eventId }, event, nowMs) {
    const rows = await sqlOf(unit)(
      `update inbox set status = 'waiting', event = cast(:event as jsonb), outcome = null, tries = 0, replays = replays + 1,
         next_step_at = :nowMs
       where psp = :psp and event_id = :eventId and status <> 'waiting' returning 1 as revived`,
      { psp, eventId, event: JSON.stringify(event), nowMs },
    );
    return rows.length > 0;
  },
  async reap(unit, { beforeMs, nowMs }) {
    const sql = sqlOf(unit);
    await sql(`delete from webhook_delivery where received_at < :beforeMs`, { beforeMs });
    await sql(`delete from webhook_refusal where hour < :beforeMs`, { beforeMs });
    await sql(`delete from webhook_nonce where expires_at < :nowMs`, { nowMs });
  },
};
