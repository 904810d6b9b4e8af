/**
 * An inbox as services have it that have no other net: a list of deliveries without a unique
 * key, and a question asked before each is written. The mutants on top of it differ in that
 * question only.
 *
 * The reference service has three nets against double credits (inbox, deposit machine, unique
 * index of the ledger); with the other two in place a broken inbox would do no harm. They are
 * taken away here, and what is left is sound as long as the question is answered rightly.
 */
import type { Knex } from 'knex';
import {
  sqlOf,
  type DepositMachine,
  type InboxMessage,
  type InboxPort,
  type ServiceParts,
  type Unit,
} from '../../reference-service/index.ts';
import type { ServiceMutation } from '../drivers/index.ts';

/** Was this event stored before? What the sound answer is: see `knownForEver`. */
export type IsKnown = (unit: Unit, message: InboxMessage) => Promise<boolean>;

/** A service whose only net against double credits is this inbox. */
export function onlyNet(store: InboxPort['store']): ServiceMutation {
  return {
    parts: ({ depositMachine }: ServiceParts) => ({
      inbox: { ...listInbox, store },
      depositMachine: creditsEachEvent(depositMachine),
    }),
    alterSchema: async (knex: Knex) => {
      await knex.raw('alter table inbox drop constraint inbox_event_once');
      await knex.raw('drop index transfer_payment_kind_once');
    },
  };
}

/** Ask first, then write. */
export function askThenStore(isKnown: IsKnown): InboxPort['store'] {
  return async (unit, message) => {
    if (await isKnown(unit, message)) return 'duplicate';
    await insert(unit, message);
    return 'stored';
  };
}

/** Whether a delivery of this event since `sinceMs` (epoch) is on the list. */
export async function receivedSince(unit: Unit, { psp, event }: InboxMessage, sinceMs: number): Promise<boolean> {
  const rows = await sqlOf(unit)(
    'select 1 as known from inbox where psp = :psp and event_id = :eventId and received_at >= :sinceMs limit 1',
    { psp, eventId: event.eventId, sinceMs },
  );
  return rows.length > 0;
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

const listInbox: Pick<InboxPort, 'take' | 'finish' | 'postpone'> = {
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

/**
 * Trusts the inbox: each event of a success that comes out of it credits. An attempt that a
 * status query settled is left alone, so that with a sound inbox nothing is credited twice.
 */
function creditsEachEvent(machine: DepositMachine): DepositMachine {
  const settledByQuestion = new Set<string>();
  return (snapshot, fact) => {
    const decision = machine(snapshot, fact);
    const { payment, attempt } = snapshot;
    if (decision.credit && fact.source !== 'webhook') settledByQuestion.add(attempt.id);
    const again =
      fact.source === 'webhook' &&
      fact.outcome === 'succeeded' &&
      payment.creditedAttemptId === attempt.id &&
      !settledByQuestion.has(attempt.id);
    return again ? { ...decision, credit: true } : decision;
  };
}
