/**
 * Story: one event is told to the platform once, and what follows is written down.
 *
 *   2xx ─► delivered        410 ─► the endpoint is disabled, the event waits for a person
 *   429, 502, 504 ─► all deliveries pause      anything else, 3xx too ─► again by the schedule
 *   schedule over ─► dead, and a case
 *
 * The caller holds the event's lease. A process that dies between sending and writing leaves the
 * lease to run out; the event is then told again under the same id.
 */
import { createHash } from 'node:crypto';
import { messageOf, NetworkError, isoTime } from '../../kernel/index.ts';
import { pauseBeforeNextTry, readRetryAfter } from '../domain/event-schedule.ts';
import type { ClaimedEvent, EventTry, OutgoingEvent } from '../ports/outbox.ts';
import type { Unit } from '../ports/unit.ts';
import { closeCase, openCases } from './cases.ts';
import type { ServiceContext } from './context.ts';
import type { EventEndpoint } from './event-endpoint.ts';
import { signedHeaders } from './sign-event.ts';

const GONE = 410;
const THROTTLING: readonly number[] = [429, 502, 504];

/** A pause of all deliveries when the platform is too busy and does not say for how long. */
const DEFAULT_THROTTLE_MS = 5_000;

/** No pause of all deliveries is longer, whatever the platform says. */
const LONGEST_THROTTLE_MS = 3_600_000;

/** The body, byte for byte the same at every try. */
export function eventBody(event: Pick<OutgoingEvent, 'type' | 'occurredAt' | 'data'>): string {
  return JSON.stringify({ type: event.type, timestamp: isoTime(event.occurredAt), data: event.data });
}

interface Reply {
  status: number | null;
  error: string | null;
  ms: number;
  responseHash: string | null;
  retryAfterMs: number | null;
}

export async function deliverEvent(
  context: ServiceContext,
  endpoint: EventEndpoint,
  claimed: ClaimedEvent,
): Promise<void> {
  const at = context.clock.now();
  const reply = await send(context, endpoint, claimed);
  const number = claimed.tries + 1;
  const entry: EventTry = { ...reply, number, at, nextStepAt: null };
  if (reply.error === null) {
    await delivered(context, claimed, entry);
    return;
  }
  context.log({
    level: 'warn',
    msg: 'event not delivered',
    event: claimed.id,
    type: claimed.type,
    try: number,
    error: reply.error,
  });
  if (reply.status === GONE) {
    await gone(context, endpoint, claimed, entry);
    return;
  }
  const pauseMs = pauseBeforeNextTry(claimed.id, number, reply.retryAfterMs);
  if (pauseMs === null) {
    await buried(context, claimed, entry);
    return;
  }
  const nowMs = context.clock.now();
  if (reply.status !== null && THROTTLING.includes(reply.status)) {
    const restMs = Math.min(reply.retryAfterMs ?? DEFAULT_THROTTLE_MS, LONGEST_THROTTLE_MS);
    await context.stores.events.pause(context.database.autocommit, endpoint.url, nowMs + restMs);
  }
  const nextStepAt = nowMs + pauseMs;
  await context.stores.events.record(context.database.autocommit, claimed, { ...entry, nextStepAt }, 'waiting');
}

async function send(
  { clock, network, timings }: ServiceContext,
  { url, signers }: EventEndpoint,
  event: ClaimedEvent,
): Promise<Reply> {
  const body = eventBody(event);
  const sentAt = clock.now();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'reference-service',
    ...signedHeaders(signers, { id: event.id, timestampSeconds: Math.floor(sentAt / 1_000), body }),
  };
  try {
    const response = await network.request({ method: 'POST', url, headers, body, timeoutMs: timings.eventTimeoutMs });
    const isTaken = response.status >= 200 && response.status < 300;
    return {
      status: response.status,
      error: isTaken ? null : `answered ${response.status}`,
      ms: clock.now() - sentAt,
      responseHash: response.body.length === 0 ? null : createHash('sha256').update(response.body).digest('hex'),
      retryAfterMs: isTaken ? null : readRetryAfter(response.headers['retry-after'], clock.now()),
    };
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    const ms = clock.now() - sentAt;
    return { status: null, error: `${error.kind}: ${messageOf(error)}`, ms, responseHash: null, retryAfterMs: null };
  }
}

async function delivered(context: ServiceContext, claimed: ClaimedEvent, entry: EventTry): Promise<void> {
  const { database, stores } = context;
  const record = (unit: Unit): Promise<boolean> => stores.events.record(unit, claimed, entry, 'delivered');
  if (claimed.replays === 0) {
    await record(database.autocommit);
    return;
  }
  await database.transaction(async (unit) => {
    await record(unit);
    await closeCase(context, unit, 'dead_letter', claimed.id, 'the event was delivered');
  });
}

/** It keeps its place in the schedule: what 410 says is about the endpoint, not about this event. */
async function gone(
  context: ServiceContext,
  { url, shownUrl }: EventEndpoint,
  claimed: ClaimedEvent,
  entry: EventTry,
): Promise<void> {
  const { clock, database, stores } = context;
  const nowMs = clock.now();
  const pauseMs = pauseBeforeNextTry(claimed.id, entry.number, null);
  // At the end of the schedule, too, a person decides first.
  const number = pauseMs === null ? claimed.tries : entry.number;
  await database.transaction(async (unit) => {
    await stores.events.disable(unit, url, nowMs, 'the endpoint answered 410 Gone');
    await stores.events.record(unit, claimed, { ...entry, number, nextStepAt: nowMs + (pauseMs ?? 0) }, 'waiting');
  });
  context.log({ level: 'error', msg: 'the platform is no longer told: its endpoint answered 410', url: shownUrl });
}

async function buried(context: ServiceContext, claimed: ClaimedEvent, entry: EventTry): Promise<void> {
  const { database, stores } = context;
  await database.transaction(async (unit) => {
    const isMine = await stores.events.record(unit, claimed, entry, 'dead');
    // A case about a case that could not be told would be told in vain, too, and so on for ever.
    if (!isMine || claimed.type.startsWith('case.')) return;
    const summary = `The platform did not take event ${claimed.id} (${claimed.type} of ${claimed.subjectId}) in ${entry.number} tries: ${entry.error ?? ''}`;
    await openCases(context, unit, [{ kind: 'dead_letter', subjectId: claimed.id, psp: null, summary }]);
  });
  context.log({ level: 'error', msg: 'event is dead', event: claimed.id, type: claimed.type });
}
