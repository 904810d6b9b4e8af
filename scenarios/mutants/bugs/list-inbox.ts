/**
 * An inbox without a unique key: a list of deliveries, and a question asked before each is
 * written. The mutants on top of it differ in that question only.
 */
import type { Knex } from 'knex';
import { sqlOf, type InboxMessage, type InboxPort, type Unit } from '../../../reference-service/index.ts';

/** Was this event stored before? */
export type IsKnown = (unit: Unit, message: InboxMessage) => Promise<boolean>;

/** Ask first, then write, in two statements. */
export function listInbox(isKnown: IsKnown): InboxPort {
  return {
    ...oldestFirst,
    store: async (unit, message) => {
      if (await isKnown(unit, message)) return 'duplicate';
      await insert(unit, message);
      return 'stored';
    },
  };
}

/** What such an inbox does not have. */
export async function dropInboxKey(knex: Knex): Promise<void> {
  await knex.raw('alter table inbox drop constraint inbox_event_once');
}

async function insert(unit: Unit, message: InboxMessage): Promise<void> {
  await sqlOf(unit)(
    `insert into inbox (psp, event_id, event, raw_body, headers, status, received_at, next_step_at)
     values (:psp, :eventId, cast(:event as jsonb), :rawBody, cast(:headers as jsonb), 'waiting', :receivedAt, :receivedAt)`,
    {
      psp: message.psp,
      eventId: message.event.eventId,
      event: JSON.stringify(message.event),
      rawBody: message.rawBody,
      headers: JSON.stringify(message.headers),
      receivedAt: message.receivedAt,
    },
  );
}

/** The oldest waiting delivery of an event. */
const OLDEST = `select ctid from inbox where psp = :psp and event_id = :eventId and status = 'waiting' order by received_at, ctid limit 1`;

const oldestFirst: Pick<InboxPort, 'take' | 'finish' | 'postpone'> = {
  async take(unit, { psp, eventId }) {
    const rows = await sqlOf(unit)<{ event: InboxMessage['event']; tries: number }>(
      `select event, tries from inbox where ctid = (${OLDEST}) for update skip locked`,
      { psp, eventId },
    );
    const row = rows[0];
    return row === undefined ? null : { psp, event: row.event, tries: row.tries };
  },
  async finish(unit, { psp, eventId }, outcome) {
    await sqlOf(unit)(
      `update inbox set status = 'done', outcome = :outcome, next_step_at = null where ctid = (${OLDEST})`,
      { psp, eventId, outcome },
    );
  },
  async postpone(unit, { psp, eventId }, nextStepAt) {
    await sqlOf(unit)(
      `update inbox set tries = tries + 1, next_step_at = cast(:nextStepAt as bigint),
         status = case when cast(:nextStepAt as bigint) is null then 'dead' else status end
       where ctid = (${OLDEST})`,
      { psp, eventId, nextStepAt },
    );
  },
};
