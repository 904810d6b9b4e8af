/**
 * Tells the platform that something happened: stored inside the caller's transaction, so the
 * platform hears of it exactly when it is true.
 */
import type { OutgoingEvent } from '../ports/outbox.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';

/** @param event its `data` in the words of the API document; amounts as decimal texts */
export async function tellPlatform(
  context: ServiceContext,
  unit: Unit,
  event: Pick<OutgoingEvent, 'type' | 'subjectId' | 'playerId' | 'data'>,
): Promise<void> {
  const { clock, ids, outbox } = context;
  await outbox.add(unit, { ...event, id: ids.next('msg'), occurredAt: clock.now() }, null);
}
