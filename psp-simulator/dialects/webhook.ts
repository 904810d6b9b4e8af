/**
 * Events that a PSP tells the merchant of: what a dialect makes of a change of the books, and what
 * is sent of it. When, how often and whether at all it goes out is the courier's and the faults' part.
 */
import type { PspContext } from './dialect.ts';

/** An event as the merchant's platform can list it (Stripe's `GET /v1/events`). */
export interface StoredEvent {
  readonly eventId: string;
  readonly type: string;
  readonly createdAtMs: number;
  /** Unsigned body, as `webhooksFor` made it. */
  readonly body: string;
  readonly claim: WebhookDraft['claim'];
  readonly delivered: boolean;
}

/** What an event is about. `settlement`: a report is ready or a transfer was made. */
export type ClaimKind = 'payment' | 'refund' | 'payout' | 'dispute' | 'settlement';

/** A webhook event before signing. */
export interface WebhookDraft {
  /** Identifies the event for the receiver; equal over all deliveries. Where the wire has no id (Adyen): event code, reference and success. */
  readonly eventId: string;
  /** The dialect's own word: `payment_intent.succeeded`, `AUTHORISATION`. */
  readonly type: string;
  /** The unsigned body, as it goes over the wire except for a signature inside it. */
  readonly body: string;
  /** Where the merchant asked for it to be sent, where a PSP takes that per payment (Mollie); used when the PSP has no webhook URL of its own. */
  readonly url?: string;
  /** Further ids of this PSP by which the body names the same subject (PayPal: the batch of a payout); foreign where the subject is. */
  readonly about?: readonly string[];
  /** What the event claims, in neutral words; for the history. */
  readonly claim: {
    readonly kind: ClaimKind;
    readonly state: string;
    readonly reference: string | null;
    readonly pspReference: string;
    readonly amountMinor: number;
    readonly currency: string;
  };
}

/** Events that no change of the books makes; see `Dialect.strange`. */
export type StrangeEvent = 'unknown-type' | 'foreign-payment' | 'foreign-payment-own-reference' | 'wrong-environment';

export interface WebhookContext {
  readonly psp: PspContext;
  /**
   * A fresh id; use it for every id that `webhooksFor` invents, always in the same order: a fault
   * that re-renders an altered change plays the same ids back.
   */
  newId(prefix: string): string;
  /** Time of the event, milliseconds since the epoch. */
  readonly atMs: number;
}

export interface SigningRequest {
  readonly body: string;
  /** Send this body under the signature of `body`: a message altered on its way. */
  readonly sendInstead?: string;
  /** `previous`: the key before the last rotation. `wrong`: a key the merchant never had. */
  readonly key: 'current' | 'previous' | 'wrong';
  /** `missing`: no signature at all. `malformed`: something that cannot be one. */
  readonly form: 'signed' | 'missing' | 'malformed';
  /** The time that goes into the signature. */
  readonly atMs: number;
  readonly credentials: Readonly<Record<string, string>>;
  /** Where the message goes, for signatures that cover the path of the request; absent outside a delivery. */
  readonly targetUrl?: string;
  /** Base URL of the PSP, for signatures that say where their key or certificate can be read; absent outside a delivery. */
  readonly pspUrl?: string;
}

export interface SignedMessage {
  /** All headers, content type and user agent included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
