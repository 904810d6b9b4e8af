/**
 * Webhook inbox in PostgreSQL: the primary key (psp, event_id) is the deduplication. A nonce is
 * remembered in the same statement (`store_event`): one round trip and one commit for an event either way.
 */
import type { PspEvent } from '../../ports/psp-adapter.ts';
import type { InboxMessage, InboxPort } from '../../ports/inbox.ts';
import { planOf } from './plan.ts';
import { callOf, sqlOf } from './unit.ts';

export const inbox: InboxPort = {
  async store(unit, message) {
    const plan = planOf(unit);
    if (plan !== null) return plan.storeEvent(message, rowOf(message));
    const { nonce, event } = message;
    const { outcome } = await callOf(unit)<{ outcome: 'stored' | 'duplicate' | 'replayed' }>(
      'store_event',
      rowOf(message),
      nonce?.value ?? event.eventId,
    );
    return outcome;
  },
  async take(unit, { psp, eventId }) {
    const plan = planOf(unit);
    if (plan !== null) return plan.event({ psp, eventId });
    const rows = await sqlOf(unit)<{ event: PspEvent; tries: number; replays: number }>(
      `select event, tries, replays from inbox where psp = :psp and event_id = :eventId and status = 'waiting' for update skip locked`,
      { psp, eventId },
    );
    const row = rows[0];
    return row === undefined ? null : { psp, event: row.event, tries: row.tries, replays: row.replays };
  },
  async finish(unit, { psp, eventId }, outcome) {
    const plan = planOf(unit);
    if (plan !== null) return plan.finishEvent({ psp, eventId }, outcome);
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

/** As `store_event` reads it. */
function rowOf(message: InboxMessage): Record<string, unknown> {
  const { psp, event, rawBody, headers, origin, receivedAt, leftUntil, nonce } = message;
  return {
    psp,
    event_id: event.eventId,
    event,
    raw_body: rawBody.toString('base64'),
    headers,
    origin: origin ?? 'delivered',
    received_at: receivedAt,
    next_step_at: leftUntil ?? receivedAt,
    ...(nonce === undefined
      ? {}
      : { nonce: { value: nonce.value, body_hash: nonce.bodyHash, expires_at: nonce.expiresAt } }),
  };
}
