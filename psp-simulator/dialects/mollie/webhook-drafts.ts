/**
 * The two forms in which Mollie tells about something, and who wants which. Classic webhooks go
 * out for a payment that was given a `webhookUrl`; next-generation events for the types that the
 * merchant subscribed to, through `POST /v2/webhooks` or `webhookEvents` of the profile. Who has
 * both gets both, as at Mollie.
 */
import type { BookRecord, PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import type { WebhookDraft } from '../webhook.ts';
import { paymentDetails } from './details.ts';
import { hookUrl, subscribedTypes } from './hook-store.ts';
import { documentation, halLink, mollieTime, ownPlace } from './place.ts';
import { classicBody } from './signature.ts';

type Claim = WebhookDraft['claim'];

export function wants(psp: PspContext, type: string): boolean {
  const types = psp.profile.webhookEvents ?? subscribedTypes(psp);
  return types.includes('*') || types.includes(type);
}

export function wantsClassic(payment: PaymentRecord): boolean {
  return paymentDetails(payment).webhookUrl !== null;
}

export interface NextGenEvent {
  type: string;
  /** The resource as it is now; null where Mollie embeds none. */
  entity: Record<string, unknown> | null;
  entityId?: string;
  /** Of the entity, below `/v2/`. */
  path: string;
  record: BookRecord;
  /** Of the payment or payout that it belongs to. */
  reference: string | null;
  state: string;
  amountMinor?: number;
  psp: PspContext;
  eventId: string;
  atMs: number;
}

export function nextGenDraft(event: NextGenEvent): WebhookDraft {
  const { record, entity } = event;
  const url = hookUrl(event.psp, event.type);
  return {
    eventId: event.eventId,
    type: event.type,
    body: nextGenBody({ ...event, entityId: event.entityId ?? record.pspReference, entity }),
    ...(url === undefined ? {} : { url }),
    claim: claimOf(event),
  };
}

export function nextGenBody(event: {
  eventId: string;
  type: string;
  entityId: string;
  entity: Record<string, unknown> | null;
  path: string;
  psp: PspContext;
  atMs: number;
}): string {
  const place = ownPlace(event.psp);
  return JSON.stringify({
    resource: 'event',
    id: event.eventId,
    type: event.type,
    entityId: event.entityId,
    createdAt: mollieTime(event.atMs),
    ...(event.entity === null ? {} : { _embedded: { entity: event.entity } }),
    _links: {
      self: halLink(place, `events/${event.eventId}`),
      documentation: documentation('webhooks-new'),
      entity: halLink(place, event.path),
    },
  });
}

/** Nothing but the payment's id. The event id is this simulator's own, the wire has none. */
export function classicDraft(event: NextGenEvent, payment: PaymentRecord): WebhookDraft {
  const { record, type } = event;
  const paymentId = payment.pspReference;
  const url = paymentDetails(payment).webhookUrl;
  const about = record.pspReference === paymentId ? '' : `:${record.pspReference}`;
  return {
    eventId: `${paymentId}:${type}${about}`,
    type,
    body: classicBody(paymentId),
    ...(url === null ? {} : { url }),
    claim: claimOf(event),
  };
}

function claimOf({ record, reference, state, amountMinor }: NextGenEvent): Claim {
  return {
    kind: record.kind,
    state,
    reference,
    pspReference: record.pspReference,
    amountMinor: amountMinor ?? record.amountMinor,
    currency: record.currency,
  };
}
