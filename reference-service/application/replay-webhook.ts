/**
 * Story: a person has an event of a PSP processed again, after the reason of its failure is gone.
 * Its stored bytes are read with today's adapter, which may understand what yesterday's did not.
 * Replaying is safe at any time: whatever the event did before is deduplicated by its effect, not
 * only by its id.
 */
import { ServiceError } from '../domain/errors.ts';
import { MalformedWebhookError, type PspEvent } from '../ports/psp-adapter.ts';
import type { EventKey, ReceivedBytes, ReceivedEvent } from '../ports/webhook-log.ts';
import type { ServiceContext } from './context.ts';
import { processInboxEvent } from './process-inbox.ts';

/** @throws ServiceError not_found, unknown_psp */
export async function replayWebhook(context: ServiceContext, key: EventKey): Promise<ReceivedEvent> {
  const { clock, database, stores } = context;
  const found = await stores.webhooks.find(database.autocommit, key);
  if (found === null) throw new ServiceError('not_found', `${key.psp} has told of no event ${key.eventId}.`);
  const event = readAgain(context, found);
  await stores.webhooks.revive(database.autocommit, key, event, clock.now());
  await processInboxEvent(context, key);
  return (await stores.webhooks.find(database.autocommit, key)) ?? found;
}

function readAgain(context: ServiceContext, found: ReceivedEvent & ReceivedBytes): PspEvent {
  const psp = context.psps.get(found.psp);
  if (psp === undefined)
    throw new ServiceError('unknown_psp', `No PSP is configured under the name ${found.psp} any more.`);
  if (found.origin === 'read') return found.event;
  try {
    const events = psp.adapter.parseWebhook({ rawBody: found.rawBody, headers: found.headers });
    const again = events.find(({ eventId }) => eventId === found.event.eventId);
    // What nobody signed is never believed, however it is read today.
    const isBelieved = again?.askFirst !== true && found.event.askFirst === true;
    return again === undefined || isBelieved ? found.event : again;
  } catch (error) {
    if (error instanceof MalformedWebhookError) return found.event;
    throw error;
  }
}
