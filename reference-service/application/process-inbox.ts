/**
 * Story: one stored event is processed, exactly once, by whichever process takes it first.
 * Called right after the acknowledgement, and by the worker for what was left over.
 */
import { messageOf } from '../../kernel/index.ts';
import { backoffMs } from '../domain/timings.ts';
import { openCases } from './apply-deposit-fact.ts';
import { applyPspEvent } from './apply-psp-event.ts';
import type { ServiceContext } from './context.ts';

/** First pause after a failure, and the longest. */
const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 10 * 60_000;

/** Ten tries span more than an hour: what fails that long needs a person. */
const MOST_TRIES = 10;

export async function processInboxEvent(context: ServiceContext, key: { psp: string; eventId: string }): Promise<void> {
  const { database, parts } = context;
  try {
    const afterCommit = await database.transaction(async (unit) => {
      const stored = await parts.inbox.take(unit, key);
      if (stored === null) return null;
      const applied = await applyPspEvent(context, unit, stored.psp, stored.event);
      await parts.inbox.finish(unit, key, applied.outcome);
      return applied.afterCommit;
    });
    afterCommit?.();
  } catch (error) {
    await postpone(context, key, error);
  }
}

async function postpone(context: ServiceContext, key: { psp: string; eventId: string }, error: unknown): Promise<void> {
  context.log({
    level: 'error',
    msg: 'event could not be processed',
    psp: key.psp,
    event: key.eventId,
    error: messageOf(error),
  });
  const nextStepAt = await context.database.transaction(async (unit) => {
    const stored = await context.parts.inbox.take(unit, key);
    if (stored === null) return null;
    const giveUp = stored.tries + 1 >= MOST_TRIES;
    const at = giveUp ? null : context.clock.now() + backoffMs(RETRY_FIRST_MS, stored.tries, RETRY_MAX_MS);
    await context.parts.inbox.postpone(unit, key, at);
    if (giveUp) {
      const summary = `Event ${key.eventId} of ${key.psp} failed ${MOST_TRIES} times: ${messageOf(error)}`;
      await openCases(context, unit, [{ kind: 'dead_letter', subjectId: key.eventId, psp: key.psp, summary }]);
    }
    return at;
  });
  context.wakeAt(nextStepAt);
}
