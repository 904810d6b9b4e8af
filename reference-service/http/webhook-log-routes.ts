/**
 * Routes to what PSPs delivered: the log of deliveries, events that wait or were given up, and
 * processing one again.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { replayWebhook } from '../application/replay-webhook.ts';
import { ServiceError } from '../domain/errors.ts';
import type { Delivery, EventKey, LoggedDelivery, ReceivedEvent, RefusalCount } from '../ports/webhook-log.ts';
import { json } from './answer.ts';
import type { Routes } from './routes.ts';

export function webhookLogRoutes(context: ServiceContext): Routes {
  const { database, stores } = context;
  const unit = database.autocommit;
  const keyOf = (parameters: Record<string, unknown>): EventKey => ({
    psp: String(parameters['psp']),
    eventId: String(parameters['event_id']),
  });

  return {
    async listWebhookDeliveries({ parameters }) {
      const text = (name: string): string | null => (parameters[name] === undefined ? null : String(parameters[name]));
      const limit = Number(parameters['limit']);
      const psp = text('psp');
      const since = parameters['since'] === undefined ? null : Date.parse(String(parameters['since']));
      const before = parameters['before'] === undefined ? null : Number(parameters['before']);
      const status = text('status') as Delivery['status'] | null;
      // What this process has not written yet belongs to the answer.
      await context.webhookLog.write();
      const found = await stores.webhooks.deliveries(unit, { psp, status, since, before, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return json(200, {
        deliveries: page.map(deliveryView),
        refused: (await stores.webhooks.refusals(unit, { psp, since })).map(refusalView),
        ...(found.length > limit && last !== undefined ? { next: last.position } : {}),
      });
    },

    async listWebhookEvents({ parameters }) {
      const limit = Number(parameters['limit']);
      const found = await stores.webhooks.events(unit, {
        psp: parameters['psp'] === undefined ? null : String(parameters['psp']),
        status: parameters['status'] as 'waiting' | 'dead',
        after: parameters['after'] === undefined ? null : readAfter(String(parameters['after'])),
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return json(200, {
        events: page.map(receivedView),
        ...(found.length > limit && last !== undefined ? { next: `${last.psp}/${last.event.eventId}` } : {}),
      });
    },

    async getWebhookEvent({ parameters }) {
      const key = keyOf(parameters);
      const found = await stores.webhooks.find(unit, key);
      if (found === null) throw new ServiceError('not_found', `${key.psp} has told of no event ${key.eventId}.`);
      return json(200, receivedView(found));
    },

    async replayWebhookEvent({ parameters }) {
      return json(200, receivedView(await replayWebhook(context, keyOf(parameters))));
    },
  };
}

/** The name of a PSP has no slash. @throws ServiceError bad_request */
function readAfter(text: string): EventKey {
  const slash = text.indexOf('/');
  if (slash < 0) throw new ServiceError('bad_request', 'after is the next of the page before.');
  return { psp: text.slice(0, slash), eventId: text.slice(slash + 1) };
}

function deliveryView({ psp, receivedAt, status, eventIds, ms }: LoggedDelivery): Api.WebhookDelivery {
  return { psp, received_at: isoTime(receivedAt), status, event_ids: eventIds, ms };
}

function refusalView({ psp, reason, hour, count }: RefusalCount): Api.WebhookRefusals {
  return { psp, reason: reason as Api.WebhookRefusals['reason'], hour: isoTime(hour), count };
}

function receivedView({ psp, event, status, outcome, tries, replays, ...times }: ReceivedEvent): Api.ReceivedEvent {
  return {
    psp,
    event_id: event.eventId,
    type: event.type,
    subject: event.subject,
    reports: event.outcome,
    reference: event.reference,
    psp_reference: event.pspReference,
    status,
    outcome,
    tries,
    replays,
    received_at: isoTime(times.receivedAt),
    next_try_at: times.nextStepAt === null ? null : isoTime(times.nextStepAt),
  };
}
