/**
 * Event ids are kept in a cache with a short life. PSPs repeat for days: after an outage, by
 * hand from a dashboard, or because one acknowledgement got lost.
 */
import { sqlOf, type InboxMessage, type Unit } from '../../reference-service/index.ts';
import type { Mutant } from './mutant.ts';
import { onlyNet } from './only-net.ts';

const REMEMBERED_MS = 5 * 60_000;

export const fiveMinuteDeduplication: Mutant = {
  name: 'five-minute-deduplication',
  title: 'Remembers event ids for five minutes',
  breaks: 'Event ids live in a cache for five minutes, and PSPs repeat for days.',
  mutation: () =>
    onlyNet((shipped) => ({
      ...shipped,
      store: async (unit, message) => {
        await forget(unit, message, message.receivedAt - REMEMBERED_MS);
        return shipped.store(unit, message);
      },
    })),
};

/** Forgets the event when it was received before `sinceMs` (epoch) and is processed. */
async function forget(unit: Unit, { psp, event }: InboxMessage, sinceMs: number): Promise<void> {
  await sqlOf(unit)(
    `delete from inbox where psp = :psp and event_id = :eventId and received_at < :sinceMs and status <> 'waiting'`,
    { psp, eventId: event.eventId, sinceMs },
  );
}
