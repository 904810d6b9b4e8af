/**
 * Tells the platform that something happened: stored inside the caller's transaction, so the
 * platform hears of it exactly when it is true. It is sent after the commit; see `deliver-event.ts`.
 */
import type { OutgoingEvent } from '../ports/outbox.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';

/** @param event its `data` in the words of the API document; amounts as decimal texts */
export async function tellPlatform(
  context: ServiceContext,
  unit: Unit,
  event: Pick<OutgoingEvent, 'type' | 'subjectId' | 'playerId' | 'data' | 'labels'>,
): Promise<void> {
  const { clock, ids, outbox, endpoint } = context;
  const nowMs = clock.now();
  await outbox.add(unit, { ...event, id: ids.next('msg'), occurredAt: nowMs }, endpoint === null ? null : nowMs);
  if (endpoint !== null) unit.afterCommit(() => context.wakeEvents());
}
