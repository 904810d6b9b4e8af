/**
 * An outbox that counts what the platform is told once it is true: after the commit, and never
 * what was rolled back or repeated.
 */
import type { OutboxPort, OutgoingEvent } from '../ports/outbox.ts';

export function countedOutbox(outbox: OutboxPort, told: (event: OutgoingEvent) => void): OutboxPort {
  return {
    ...outbox,
    async add(unit, event, nextStepAt) {
      await outbox.add(unit, event, nextStepAt);
      unit.afterCommit(() => told(event));
    },
  };
}
