/**
 * Webhook inbox in PostgreSQL: the primary key (psp, event_id) is the deduplication.
 */
import type { PspEvent } from '../../ports/psp-adapter.ts';
import type { InboxPort } from '../../ports/inbox.ts';
import { sqlOf } from './unit.ts';

export const inbox: InboxPort = {
  async store(unit, message) {
    const rows = await sqlOf(unit)(
      `insert into inbox (psp, event_id, event, raw_body, headers, status, received_at, next_step_at)
       values (:psp, :eventId, cast(:event as jsonb), :rawBody, cast(:headers as jsonb), 'waiting', :receivedAt, :receivedAt)
       on conflict do nothing returning 1 as stored`,
      {
        psp: message.psp,
        eventId: message.event.eventId,
        event: JSON.stringify(message.event),
        rawBody: message.rawBody,
        headers: JSON.stringify(message.headers),
        receivedAt: message.receivedAt,
      },
    );
    return rows.length > 0 ? 'stored' : 'duplicate';
  },
  async take(unit, { psp, eventId }) {
    const rows = await sqlOf(unit)<{ event: PspEvent; tries: number }>(
      `select event, tries from inbox where psp = :psp and event_id = :eventId and status = 'waiting' for update skip locked`,
      { psp, eventId },
    );
    const row = rows[0];
    return row === undefined ? null : { psp, event: row.event, tries: row.tries };
  },
  async finish(unit, { psp, eventId }, outcome) {
    await sqlOf(unit)(
      `update inbox set status = 'done', outcome = :outcome, next_step_at = null where psp = :psp and event_id = :eventId`,
      { psp, eventId, outcome },
    );
  },
  async postpone(unit, { psp, eventId }, nextStepAt) {
    await sqlOf(unit)(
      `update inbox set tries = tries + 1, next_step_at = cast(:nextStepAt as bigint),
         status = case when cast(:nextStepAt as bigint) is null then 'dead' else status end
       where psp = :psp and event_id = :eventId and status = 'waiting'`,
      { psp, eventId, nextStepAt },
    );
  },
};
