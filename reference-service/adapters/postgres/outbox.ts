/**
 * Outbox in PostgreSQL.
 */
import type { OutboxPort } from '../../ports/outbox.ts';
import { planOf } from './plan.ts';
import { sqlOf } from './unit.ts';

export const outbox: OutboxPort = {
  async add(unit, event, nextStepAt) {
    const plan = planOf(unit);
    if (plan !== null) return plan.tell(event, nextStepAt);
    await sqlOf(unit)(
      `insert into outbox (id, type, subject_id, player_id, payload, status, created_at, next_step_at)
       values (:id, :type, :subjectId, :playerId, cast(:payload as jsonb), :status, :occurredAt, :nextStepAt)`,
      {
        id: event.id,
        type: event.type,
        subjectId: event.subjectId,
        playerId: event.playerId,
        payload: JSON.stringify(event.data),
        occurredAt: event.occurredAt,
        status: nextStepAt === null ? 'untold' : 'waiting',
        nextStepAt,
      },
    );
  },
};
