/**
 * Webhooks v1: the one webhook of this account, the events it sent, sending one again, mocked
 * events, the certificates, and PayPal's own verification of a signature.
 */
import { createVerify } from 'node:crypto';
import type { BookChange } from '../../core/book-change.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import type { StoredEvent } from '../webhook.ts';
import { invalidRequest, jsonAnswer, missing, unknownResource, wrongValue } from './errors.ts';
import { EVENT_TYPES, isEventType, type EventType } from './event-types.ts';
import { countIn, objectAt, textAt, timeIn } from './fields.ts';
import { newId } from './ids.ts';
import { madeUpChange } from './made-up-change.ts';
import { AUTH_ALGO, certificateOf, certUrl, signedText } from './signature.ts';
import { eventBody, eventsOf } from './webhooks.ts';

const DEFAULT_PAGE_SIZE = 10;
const MOST_PER_PAGE = 300;

export function listWebhooks({ psp }: Call): PspAnswer {
  return jsonAnswer(200, { webhooks: [webhookObject(psp)] });
}

export function showWebhook({ psp, params }: Call): PspAnswer {
  if (params['id'] !== psp.credentials['webhookId']) throw unknownResource();
  return jsonAnswer(200, webhookObject(psp));
}

export function listEventTypes(): PspAnswer {
  return jsonAnswer(200, { event_types: Object.keys(EVENT_TYPES).map((name) => ({ name, status: 'ENABLED' })) });
}

/** Newest first. */
export function listEvents(call: Call): PspAnswer {
  const { psp, request } = call;
  const size = countIn(call, 'page_size', { least: 1, most: MOST_PER_PAGE, fallback: DEFAULT_PAGE_SIZE });
  const startMs = timeIn(call, 'start_time') ?? 0;
  const endMs = timeIn(call, 'end_time') ?? Number.POSITIVE_INFINITY;
  const type = request.query.get('event_type');
  const transactionId = request.query.get('transaction_id');
  const position = countIn(call, 'position', { least: 0, most: Number.MAX_SAFE_INTEGER, fallback: 0 });
  const found = distinct(psp)
    .filter((event) => event.createdAtMs >= startMs && event.createdAtMs <= endMs)
    .filter((event) => type === null || event.type === type)
    .filter((event) => transactionId === null || event.body.includes(`"id":"${transactionId}"`))
    .reverse();
  const url = `${psp.url}/v1/notifications/webhooks-events?page_size=${size}`;
  const events = found.slice(position, position + size).map((event) => shown(event));
  return jsonAnswer(200, {
    events,
    count: events.length,
    links: [
      { href: `${url}&position=${position}`, rel: 'self', method: 'GET' },
      ...(found.length > position + size
        ? [{ href: `${url}&position=${position + size}`, rel: 'next', method: 'GET' }]
        : []),
    ],
  });
}

export function showEvent(call: Call): PspAnswer {
  return jsonAnswer(200, shown(eventOf(call)));
}

/** Sends an event again, under its own id. */
export function resendEvent(call: Call): PspAnswer {
  const { eventId, type, body, claim } = eventOf(call);
  call.psp.announce({ eventId, type, body, claim });
  return jsonAnswer(202, JSON.parse(body));
}

/** A mocked event: no money, no record, and a signature that PayPal itself does not vouch for. */
export function simulateEvent(call: Call): PspAnswer {
  const { body, psp } = call;
  const type = textAt(body, 'event_type');
  if (type === undefined) throw missing('/event_type');
  if (!isEventType(type)) throw wrongValue('/event_type', type);
  const webhookId = textAt(body, 'webhook_id');
  if (webhookId === undefined && textAt(body, 'url') === undefined) throw missing('/webhook_id');
  const eventId = newId(psp, 'mocked-event');
  const text = mockedBody(eventId, type, psp);
  psp.announce({
    eventId,
    type,
    body: text,
    claim: {
      kind: 'payment',
      state: 'simulated',
      reference: null,
      pspReference: eventId,
      amountMinor: 0,
      currency: 'USD',
    },
  });
  return jsonAnswer(202, JSON.parse(text));
}

export function serveCertificate({ params }: Call): PspAnswer {
  const certificate = certificateOf(params['id'] ?? '');
  if (certificate === undefined) throw unknownResource();
  return { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: certificate };
}

/** The event is checked as compact JSON, so a merchant that changed its order or its numbers is refused, as at PayPal. */
export function verifySignature({ psp, body }: Call): PspAnswer {
  const [algorithm, url, transmissionId, signature, time, webhookId] = [
    'auth_algo',
    'cert_url',
    'transmission_id',
    'transmission_sig',
    'transmission_time',
    'webhook_id',
  ].map((name) => {
    const value = body[name];
    if (value === undefined) throw missing(`/${name}`);
    if (typeof value === 'string') return value;
    throw invalidRequest({
      field: `/${name}`,
      location: 'body',
      issue: 'INVALID_PARAMETER_SYNTAX',
      description: 'Must be a text.',
    });
  });
  const event = objectAt(body, 'webhook_event');
  if (event === undefined) throw missing('/webhook_event');
  const certificate = [certUrl(psp.url, 'current'), certUrl(psp.url, 'previous')].includes(url ?? '')
    ? certificateOf(url?.split('/').at(-1) ?? '')
    : undefined;
  const genuine =
    certificate !== undefined &&
    algorithm === AUTH_ALGO &&
    webhookId === psp.credentials['webhookId'] &&
    createVerify('RSA-SHA256')
      .update(
        signedText({
          transmissionId: transmissionId ?? '',
          time: time ?? '',
          webhookId: webhookId ?? '',
          body: JSON.stringify(event),
        }),
      )
      .verify(certificate, signature ?? '', 'base64');
  return jsonAnswer(200, { verification_status: genuine ? 'SUCCESS' : 'FAILURE' });
}

function webhookObject(psp: PspContext): Record<string, unknown> {
  const id = psp.credentials['webhookId'] ?? '';
  const wanted = psp.profile.webhookEvents ?? ['*'];
  return {
    id,
    url: 'https://merchant.example/webhooks',
    event_types: wanted.map((name) => ({ name })),
    links: [{ href: `${psp.url}/v1/notifications/webhooks/${id}`, rel: 'self', method: 'GET' }],
  };
}

/** An event that was sent again is one event. */
function distinct(psp: PspContext): StoredEvent[] {
  const byId = new Map<string, StoredEvent>();
  for (const event of psp.events()) {
    const known = byId.get(event.eventId);
    byId.set(event.eventId, known === undefined ? event : { ...known, delivered: known.delivered || event.delivered });
  }
  return [...byId.values()];
}

function eventOf({ psp, params }: Call): StoredEvent {
  const event = distinct(psp).find(({ eventId }) => eventId === params['id']);
  if (event === undefined) throw unknownResource();
  return event;
}

function shown(event: StoredEvent): Record<string, unknown> {
  const body = JSON.parse(event.body) as Record<string, unknown>;
  return { ...body, status: event.delivered ? 'SUCCESS' : 'PENDING' };
}

function mockedBody(eventId: string, type: EventType, psp: PspContext): string {
  const change: BookChange = madeUpChange(EVENT_TYPES[type], psp);
  const content = eventsOf(change, psp).find((event) => event.type === type);
  if (content === undefined) throw wrongValue('/event_type', type);
  return eventBody(eventId, content, { psp, atMs: psp.nowMs() });
}
