/**
 * `/v2/webhooks` and `/v2/events`: subscriptions to next-generation webhooks, and the events that
 * were sent. All events go to the one webhook address of the PSP; a hook's own URL is kept and
 * shown, and decides nothing here.
 */
import type { Call, PspAnswer } from '../dialect.ts';
import { emptyAnswer, halAnswer, noSuch, unprocessable } from './errors.ts';
import { optionalText, optionalUrl, refuseUnknown, textField } from './fields.ts';
import { hooks, saveHooks } from './hook-store.ts';
import type { Hook } from './hook-store.ts';
import { listAnswer } from './list.ts';
import { documentation, halLink, mollieTime, placeOf } from './place.ts';
import type { Place } from './place.ts';
import { profileId } from './wire-payment.ts';
import { MOLLIE_EVENT_TYPES } from './webhooks.ts';

/** Types that Mollie has and no change of the books makes here; a subscription to them is still one. */
const SILENT_TYPES = [
  'payment.pending',
  'refund.queued',
  'refund.canceled',
  'capture.failed',
  'payment-link.paid',
  'sales-invoice.created',
  'sales-invoice.issued',
  'sales-invoice.canceled',
  'sales-invoice.paid',
];

export function createHook(call: Call): PspAnswer {
  refuseUnknown(call, ['name', 'url', 'eventTypes', 'testmode']);
  const hook: Hook = {
    id: call.psp.ids.next('hook'),
    name: textField(call.body, 'name', { most: 255 }),
    url: urlIn(call) ?? required('url'),
    eventTypes: typesIn(call) ?? required('eventTypes'),
    createdAtMs: call.psp.nowMs(),
  };
  saveHooks(call.psp, [...hooks(call.psp), hook]);
  const secret = call.psp.credentials['webhookSecret'] ?? '';
  return halAnswer(201, { ...hookObject(hook, placeOf(call)), webhookSecret: secret });
}

export function getHook(call: Call): PspAnswer {
  return halAnswer(200, hookObject(hookOf(call), placeOf(call)));
}

export function updateHook(call: Call): PspAnswer {
  refuseUnknown(call, ['name', 'url', 'eventTypes', 'testmode']);
  const before = hookOf(call);
  const after: Hook = {
    ...before,
    name: optionalText(call.body, 'name', { most: 255 }) ?? before.name,
    url: urlIn(call) ?? before.url,
    eventTypes: typesIn(call) ?? before.eventTypes,
  };
  saveHooks(
    call.psp,
    hooks(call.psp).map((hook) => (hook.id === after.id ? after : hook)),
  );
  return halAnswer(200, hookObject(after, placeOf(call)));
}

export function deleteHook(call: Call): PspAnswer {
  const { id } = hookOf(call);
  saveHooks(
    call.psp,
    hooks(call.psp).filter((hook) => hook.id !== id),
  );
  return emptyAnswer(204);
}

export function listHooks(call: Call): PspAnswer {
  const items = hooks(call.psp).map((hook) => ({ id: hook.id, render: (place: Place) => hookObject(hook, place) }));
  return listAnswer(call, items, { name: 'webhooks', page: 'list-webhooks' });
}

export function getEvent(call: Call): PspAnswer {
  const id = call.params['id'] ?? '';
  const event = call.psp.events().find((stored) => stored.eventId === id);
  if (event === undefined || !event.body.startsWith('{')) throw noSuch('event', id);
  return halAnswer(200, JSON.parse(event.body));
}

function hookOf(call: Call): Hook {
  const id = call.params['id'] ?? '';
  const hook = hooks(call.psp).find((known) => known.id === id);
  if (hook === undefined) throw noSuch('webhook', id);
  return hook;
}

function hookObject(hook: Hook, place: Place): Record<string, unknown> {
  return {
    resource: 'webhook',
    id: hook.id,
    url: hook.url,
    profileId: profileId(place),
    createdAt: mollieTime(hook.createdAtMs),
    name: hook.name,
    eventTypes: hook.eventTypes,
    status: 'enabled',
    mode: 'test',
    _links: { self: halLink(place, `webhooks/${hook.id}`), documentation: documentation('get-webhook') },
  };
}

function urlIn(call: Call): string | null {
  return optionalUrl(call.body, 'url');
}

/** One type, several as a list, or several as a comma-separated text. */
function typesIn(call: Call): string[] | null {
  const { eventTypes } = call.body;
  if (eventTypes === undefined || eventTypes === null) return null;
  const types = typeof eventTypes === 'string' ? eventTypes.split(',') : Array.isArray(eventTypes) ? eventTypes : [];
  const known = (type: unknown): boolean =>
    typeof type === 'string' &&
    (type === '*' || Object.hasOwn(MOLLIE_EVENT_TYPES, type) || SILENT_TYPES.includes(type));
  if (types.length === 0 || !types.every(known)) throw unprocessable('The event types are invalid', 'eventTypes');
  return types.map(String);
}

function required(field: string): never {
  throw unprocessable(`The ${field} is required`, field);
}
