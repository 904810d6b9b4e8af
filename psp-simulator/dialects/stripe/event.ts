/**
 * The event object that every webhook of Stripe's carries, and which types reach the merchant:
 * `webhookEvents` of the profile, else what the endpoint was told by API, else DEFAULT_TYPES:
 * every type that says what became of money.
 */
import type { PspContext } from '../dialect.ts';
import type { WebhookDraft } from '../webhook.ts';
import { seconds } from './details.ts';

/** The API version that events are rendered in. */
export const API_VERSION = '2026-10-28.endive';

export const DEFAULT_TYPES: ReadonlySet<string> = new Set([
  'payment_intent.requires_action',
  'payment_intent.amount_capturable_updated',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'charge.refunded',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
  'radar.early_fraud_warning.created',
  'checkout.session.completed',
  'checkout.session.expired',
  'setup_intent.succeeded',
  'setup_intent.setup_failed',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'payout.paid',
  'payout.failed',
  'payout.canceled',
  'payout.reconciliation_completed',
]);

/** What the merchant's endpoint was told by API; see webhook-endpoints.ts. */
export interface EndpointDetails {
  kind: 'endpoint';
  url: string;
  enabledEvents: readonly string[];
  description: string | null;
  metadata: Record<string, string>;
  disabled: boolean;
}

/** Id of the one endpoint of an account. */
export function endpointIdOf({ name }: Pick<PspContext, 'name'>): string {
  return `we_assay${name.replaceAll(/[^A-Za-z0-9]/g, '')}`;
}

export function isSubscribed(psp: PspContext, type: string): boolean {
  const wanted = psp.profile.webhookEvents ?? byApi(psp);
  return wanted === undefined ? DEFAULT_TYPES.has(type) : wanted.includes('*') || wanted.includes(type);
}

function byApi(psp: PspContext): readonly string[] | undefined {
  const endpoint = psp.bank.findMethod(endpointIdOf(psp));
  if (endpoint === undefined) return undefined;
  const { disabled, enabledEvents } = endpoint.details as unknown as EndpointDetails;
  return disabled ? [] : enabledEvents;
}

export interface EventParts {
  eventId: string;
  type: string;
  object: Record<string, unknown>;
  previous?: Record<string, unknown> | undefined;
  atMs: number;
  claim: WebhookDraft['claim'];
}

export function eventDraft({ claim, ...parts }: EventParts): WebhookDraft {
  return { eventId: parts.eventId, type: parts.type, body: eventBody(parts), claim };
}

export function eventBody({ eventId, type, object, previous, atMs }: Omit<EventParts, 'claim'>): string {
  const body = {
    id: eventId,
    object: 'event',
    api_version: API_VERSION,
    created: seconds(atMs),
    data: { object, ...(previous === undefined ? {} : { previous_attributes: previous }) },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
  return JSON.stringify(body, null, 2);
}
