/**
 * Story: one stored event is processed, exactly once, by whichever process takes it first.
 * Called right after the acknowledgement, and by the worker for what was left over. An event
 * about which the PSP must be asked first stays in the inbox until the PSP has spoken.
 */
import { messageOf } from '../../kernel/index.ts';
import { isPayoutFinal } from '../domain/payout.ts';
import { backoffMs } from '../domain/timings.ts';
import { applyPspEvent, refuteEvent, type AppliedEvent } from './apply-psp-event.ts';
import { askAboutEvent } from './ask-about-event.ts';
import { closeCase, openCases } from './cases.ts';
import { confirmEvent, type EventTarget } from './confirm-event.ts';
import type { ServiceContext } from './context.ts';
import { readEvents, replaceByRead } from './read-events.ts';
import type { InboxMessage, StoredEvent } from '../ports/inbox.ts';
import type { DecisionStart, KnownDeposit, KnownEvent } from '../ports/known.ts';
import type { Unit } from '../ports/unit.ts';

/** A payment that the PSP does not know three times within seconds does not exist there: an unsigned event may be anybody's. */
const MOST_TRIES_TO_FIND = 3;

/** @param known what it is about, when this process has stored the event just now and knows the deposit */
export async function processInboxEvent(
  context: ServiceContext,
  key: { psp: string; eventId: string },
  known: KnownEvent | null = null,
): Promise<void> {
  try {
    const start = known === null ? { waiting: key } : { event: known };
    const change: Change = (unit, { psp, event }) => applyPspEvent(context, unit, psp, event, false);
    const waiting = await apply(context, key, change, start);
    if (waiting?.kind === 'read') await read(context, key, waiting);
    if (waiting?.kind === 'ask') await ask(context, key, waiting);
    if (waiting?.kind === 'unconfirmed') await confirm(context, key, waiting);
  } catch (error) {
    await postpone(context, key, error);
  }
}

/**
 * Stores an event and applies it, in one commit, where that is the plain course of a deposit and
 * commits are shared. False: nothing was written, it is to be stored by itself.
 * @throws Error when nobody knows whether it was written
 */
export async function processAtOnce(
  context: ServiceContext,
  message: InboxMessage,
  known: KnownDeposit,
): Promise<boolean> {
  const { database, parts } = context;
  const { psp, event } = message;
  const afterCommit = await database.decideAtOnce(known, async (unit) => {
    if ((await parts.inbox.store(unit, message)) !== 'stored') return null;
    const applied = await applyPspEvent(context, unit, psp, event, false);
    if (applied.kind !== 'done') return null;
    await parts.inbox.finish(unit, { psp, eventId: event.eventId }, applied.outcome);
    return applied.afterCommit;
  });
  afterCommit?.();
  return afterCommit !== null;
}

type Change = (unit: Unit, stored: StoredEvent) => Promise<AppliedEvent>;

interface UnreadEvent {
  kind: 'read';
  stored: StoredEvent;
  nextStepAt: number;
}

interface WaitingEvent {
  kind: 'unconfirmed' | 'ask';
  stored: StoredEvent;
  target: EventTarget;
  nextStepAt: number;
}

/** One transaction: the event is done, or it waits for the PSP's word and has a time at which it is looked at again. */
async function apply(
  context: ServiceContext,
  key: { psp: string; eventId: string },
  change: Change,
  start: DecisionStart = { waiting: key },
): Promise<WaitingEvent | UnreadEvent | null> {
  const { database, parts, clock } = context;
  const result = await database.decide(start, async (unit) => {
    const stored = await parts.inbox.take(unit, key);
    if (stored === null) return null;
    const applied = await change(unit, stored);
    if (applied.kind === 'done') {
      await parts.inbox.finish(unit, key, applied.outcome);
      if ((stored.replays ?? 0) > 0)
        await closeCase(context, unit, 'dead_letter', key.eventId, 'the event was replayed and processed');
      return applied.afterCommit;
    }
    const nextStepAt = clock.now() + pauseAfter(context, stored);
    await parts.inbox.postpone(unit, key, nextStepAt);
    return { ...applied, stored, nextStepAt };
  });
  if (typeof result !== 'function') return result;
  result();
  return null;
}

/** Reads at the PSP what the event is about. What the PSP does not know soon after is nobody's payment, or nobody's event. */
async function read(
  context: ServiceContext,
  key: { psp: string; eventId: string },
  { stored, nextStepAt }: UnreadEvent,
): Promise<void> {
  const events = await readEvents(context, key.psp, stored.event).catch((error: unknown) => {
    if (isLastTry(context, stored)) throw error;
    return 'later' as const;
  });
  if (events === 'later' || (events === null && stored.tries + 1 < MOST_TRIES_TO_FIND)) {
    context.wakeAt(nextStepAt);
    return;
  }
  for (const added of await replaceByRead(context, key, events))
    context.background.later(0, `inbox:${added.psp}:${added.eventId}`, () => processInboxEvent(context, added));
}

/**
 * Asks the PSP what became of the attempt. After the last try the worker, which asks about every open attempt, is
 * left; of a payout that is finished nobody would ask any more, so a person is told.
 */
async function ask(
  context: ServiceContext,
  key: { psp: string; eventId: string },
  { stored, target, nextStepAt }: WaitingEvent,
): Promise<void> {
  const isLast = isLastTry(context, stored);
  const learn = await askAboutEvent(context, stored.event, target, isLast);
  if (learn === null && !isLast) {
    context.wakeAt(nextStepAt);
    return;
  }
  if (learn === null && target.kind === 'payout' && (await isFinished(context, target.subjectId))) {
    const reason = `says that payout ${target.subjectId} ${stored.event.outcome}, and ${key.psp} does not answer whether it did`;
    await context.database.transaction((unit) => bury(context, unit, key, reason));
    return;
  }
  await apply(
    context,
    key,
    learn ?? (() => Promise.resolve({ kind: 'done', outcome: 'not_answered', afterCommit: () => undefined })),
  );
}

async function isFinished({ database, stores }: ServiceContext, payoutId: string): Promise<boolean> {
  const found = await stores.payouts.find(database.autocommit, payoutId);
  return found !== null && isPayoutFinal(found.payout.status);
}

/** Asks the PSP whether the event is about our attempt, then believes it or not. */
async function confirm(
  context: ServiceContext,
  key: { psp: string; eventId: string },
  { stored, target, nextStepAt }: WaitingEvent,
): Promise<void> {
  const word = await confirmEvent(context, stored.event, target);
  const refuted = word === 'refuted' || (word === 'not_found' && isLastTry(context, stored));
  if (word !== 'confirmed' && !refuted) {
    context.wakeAt(nextStepAt);
    return;
  }
  const waiting = await apply(context, key, (unit, { psp, event }) =>
    refuted ? refuteEvent(context, unit, psp, event, target) : applyPspEvent(context, unit, psp, event, true),
  );
  // That it is ours does not yet mean that it is true.
  if (waiting?.kind === 'ask') await ask(context, key, waiting);
}

function pauseAfter({ timings }: ServiceContext, { tries }: StoredEvent): number {
  return backoffMs(timings.inboxRetryFirstMs, tries, timings.inboxRetryMaxMs);
}

function isLastTry({ webhookTries }: ServiceContext, { tries }: StoredEvent): boolean {
  return tries + 1 >= webhookTries;
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
    if (isLastTry(context, stored)) {
      await bury(context, unit, key, `failed ${stored.tries + 1} times: ${messageOf(error)}`);
      return null;
    }
    const at = context.clock.now() + pauseAfter(context, stored);
    await context.parts.inbox.postpone(unit, key, at);
    return at;
  });
  context.wakeAt(nextStepAt);
}

/** It is looked at no more until a person has it processed again. */
async function bury(
  context: ServiceContext,
  unit: Unit,
  key: { psp: string; eventId: string },
  reason: string,
): Promise<void> {
  await context.parts.inbox.postpone(unit, key, null);
  const summary = `Event ${key.eventId} of ${key.psp} ${reason}`;
  await openCases(context, unit, [{ kind: 'dead_letter', subjectId: key.eventId, psp: key.psp, summary }]);
}
