/**
 * Story: an event only says that something happened to a payment at the PSP, and nothing vouches
 * for it. What happened is read at the PSP, with our own credentials; each thing that is final by
 * now becomes an event of its own in the inbox, where it is deduplicated and processed like one
 * that was delivered. A forged notification so costs one question and changes nothing.
 */
import type { PspEvent } from '../ports/psp-adapter.ts';
import { pspOf, type ServiceContext } from './context.ts';

interface EventKey {
  psp: string;
  eventId: string;
}

/**
 * Asks once, never inside a transaction. Null when the PSP does not know what the event names.
 * @throws Error when there is no answer that means anything; to be tried again
 */
export async function readEvents(context: ServiceContext, psp: string, event: PspEvent): Promise<PspEvent[] | null> {
  const { adapter } = pspOf(context, psp);
  const { readEvents: read } = adapter;
  if (read === undefined) throw new Error(`Bug: ${psp} gives events that its adapter cannot read`);
  const result = await context.inTrace(await traceOf(context, psp, event), () => read.call(adapter, event));
  if (result.kind === 'events') return result.events;
  if (result.kind === 'not_found') return null;
  throw new Error(`what ${event.type} is about could not be read: ${result.reason}`);
}

/** The trace of the deposit that the event names, as far as its ids are known here. */
async function traceOf({ database, stores }: ServiceContext, psp: string, event: PspEvent): Promise<string | null> {
  const located = await stores.attempts.locate(database.autocommit, psp, event);
  if (located?.kind !== 'deposit') return null;
  return (await stores.deposits.find(database.autocommit, located.subjectId))?.payment.traceId ?? null;
}

/** In one transaction: what was read is in the inbox, and the event that made us read is done. Gives the new ones. */
export async function replaceByRead(
  context: ServiceContext,
  key: EventKey,
  events: readonly PspEvent[] | null,
): Promise<EventKey[]> {
  const { database, parts, clock } = context;
  return database.transaction(async (unit) => {
    if ((await parts.inbox.take(unit, key)) === null) return [];
    const added: EventKey[] = [];
    for (const event of events ?? []) {
      const message = {
        psp: key.psp,
        event,
        rawBody: Buffer.from(JSON.stringify(event)),
        headers: {},
        origin: 'read' as const,
        receivedAt: clock.now(),
      };
      if ((await parts.inbox.store(unit, message)) === 'stored') added.push({ psp: key.psp, eventId: event.eventId });
    }
    await parts.inbox.finish(unit, key, events === null ? 'not_found' : 'read');
    return added;
  });
}
