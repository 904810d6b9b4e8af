/**
 * Webhook inbox in PostgreSQL: the primary key (psp, event_id) is the deduplication. A nonce is
 * remembered in the same statement: one round trip and one commit for an event either way.
 */
import type { PspEvent } from '../../ports/psp-adapter.ts';
import type { InboxMessage, InboxPort } from '../../ports/inbox.ts';
import { sqlOf, type SqlValue } from './unit.ts';

const INTO_INBOX = `insert into inbox (psp, event_id, event, raw_body, headers, status, origin, received_at, next_step_at)`;
const MESSAGE = `:psp, :eventId, cast(:event as jsonb), cast(:rawBody as bytea), cast(:headers as jsonb), 'waiting', :origin,
  cast(:receivedAt as bigint), cast(:receivedAt as bigint)`;

const STORE = `${INTO_INBOX} values (${MESSAGE}) on conflict do nothing returning 1 as stored`;

/** The conflict's update waits for another process with the same nonce, and gives the body that was first. */
const STORE_WITH_NONCE = `
  with nonce as (
    insert into webhook_nonce (psp, nonce, body_hash, expires_at) values (:psp, :nonce, :bodyHash, :expiresAt)
    on conflict (psp, nonce) do update set expires_at = greatest(webhook_nonce.expires_at, excluded.expires_at)
    returning body_hash = :bodyHash as fits
  ), stored as (
    ${INTO_INBOX} select ${MESSAGE} from nonce where fits on conflict do nothing returning 1
  )
  select fits, exists (select 1 from stored) as stored from nonce`;

function bindingsOf({ psp, event, rawBody, headers, origin, receivedAt }: InboxMessage): Record<string, SqlValue> {
  return {
    psp,
    eventId: event.eventId,
    event: JSON.stringify(event),
    rawBody,
    headers: JSON.stringify(headers),
    origin: origin ?? 'delivered',
    receivedAt,
  };
}

export const inbox: InboxPort = {
  async store(unit, message) {
    const sql = sqlOf(unit);
    const { nonce } = message;
    if (nonce === undefined) return (await sql(STORE, bindingsOf(message))).length > 0 ? 'stored' : 'duplicate';
    const [row] = await sql<{ fits: boolean; stored: boolean }>(STORE_WITH_NONCE, {
      ...bindingsOf(message),
      nonce: nonce.value,
      bodyHash: nonce.bodyHash,
      expiresAt: nonce.expiresAt,
    });
    if (row?.fits !== true) return 'replayed';
    return row.stored ? 'stored' : 'duplicate';
  },
  async take(unit, { psp, eventId }) {
    const rows = await sqlOf(unit)<{ event: PspEvent; tries: number; replays: number }>(
      `select event, tries, replays from inbox where psp = :psp and event_id = :eventId and status = 'waiting' for update skip locked`,
      { psp, eventId },
    );
    const row = rows[0];
    return row === undefined ? null : { psp, event: row.event, tries: row.tries, replays: row.replays };
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
