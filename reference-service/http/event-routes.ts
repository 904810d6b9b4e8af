/**
 * Routes of what the platform is told: the list, one event with its tries, telling again, and the
 * state of the endpoint.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { ServiceError } from '../domain/errors.ts';
import type { EventTry, OutgoingStatus, ReplaySelection, ToldEvent } from '../ports/outbox.ts';
import { json } from './answer.ts';
import type { Routes } from './routes.ts';

export function eventRoutes(context: ServiceContext): Routes {
  const { clock, database, stores, endpoint } = context;
  const unit = database.autocommit;

  async function found(parameters: Record<string, unknown>): Promise<ToldEvent> {
    const id = String(parameters['event_id']);
    const event = await stores.events.find(unit, id);
    if (event === null) throw new ServiceError('not_found', `There is no event ${id}.`);
    return event;
  }

  function configured(): NonNullable<typeof endpoint> {
    if (endpoint === null)
      throw new ServiceError('invalid_state', 'Nobody is configured to be told of events.', {
        details: { status: 'none' },
      });
    return endpoint;
  }

  async function endpointView(): Promise<Api.EventEndpoint> {
    if (endpoint === null)
      return { url: null, status: 'none', paused_until: null, disabled_at: null, disabled_reason: null };
    const state = await stores.events.endpoint(unit, endpoint.url);
    const isPaused = state.pausedUntil !== null && state.pausedUntil > clock.now();
    return {
      url: endpoint.shownUrl,
      status: state.disabledAt !== null ? 'disabled' : isPaused ? 'paused' : 'active',
      paused_until: isPaused ? time(state.pausedUntil) : null,
      disabled_at: time(state.disabledAt),
      disabled_reason: state.disabledReason,
    };
  }

  return {
    async listEvents({ parameters }) {
      const text = (name: string): string | null => (parameters[name] === undefined ? null : String(parameters[name]));
      const limit = Number(parameters['limit']);
      const since = text('since');
      const events = await stores.events.list(unit, {
        status: text('status') as OutgoingStatus | null,
        type: text('type'),
        subjectId: text('subject_id'),
        playerId: text('player_id'),
        since: since === null ? null : Date.parse(since),
        after: text('after'),
        limit: limit + 1,
      });
      const page = events.slice(0, limit).map(toldView);
      const last = page.at(-1);
      return json(200, {
        events: page,
        ...(events.length > limit && last !== undefined ? { next: last.event_id } : {}),
      });
    },

    async getEvent({ parameters }) {
      const event = await found(parameters);
      const tries = await stores.events.tries(unit, event.id);
      const view: Api.ToldEventWithTries = { ...toldView(event), data: event.data, attempts: tries.map(tryView) };
      return json(200, view);
    },

    async replayEvent({ parameters }) {
      configured();
      const { id } = await found(parameters);
      await stores.events.replay(unit, id, clock.now());
      context.wakeEvents();
      return json(202, toldView(await found(parameters)));
    },

    async replayEvents({ body }) {
      configured();
      const { since, only } = body as { since: string; only: ReplaySelection };
      const replayed = await stores.events.replaySince(unit, { since: Date.parse(since), only, nowMs: clock.now() });
      context.wakeEvents();
      return json(202, { replayed });
    },

    async getEventEndpoint() {
      return json(200, await endpointView());
    },

    async resumeEventEndpoint() {
      await stores.events.resume(unit, configured().url);
      context.wakeEvents();
      return json(200, await endpointView());
    },
  };
}

function time(epochMs: number | null): string | null {
  return epochMs === null ? null : isoTime(epochMs);
}

function toldView(event: ToldEvent): Api.ToldEvent {
  return {
    event_id: event.id,
    type: event.type,
    subject_id: event.subjectId,
    player_id: event.playerId,
    status: event.status,
    tries: event.tries,
    replays: event.replays,
    occurred_at: isoTime(event.occurredAt),
    delivered_at: time(event.deliveredAt),
    next_try_at: time(event.nextStepAt),
  };
}

function tryView(entry: EventTry): Api.EventTry {
  return {
    try: entry.number,
    at: isoTime(entry.at),
    status: entry.status,
    error: entry.error,
    ms: entry.ms,
    response_hash: entry.responseHash,
    next_try_at: time(entry.nextStepAt),
  };
}
