/**
 * What a PSP tells by itself: the bytes of its webhooks, who vouches for them, and the events in
 * them. An event is a claim about one subject, not yet a fact: the application matches it
 * with what it knows before money moves.
 */
import type { PspDialect, PspEnvironment } from './psp-account.ts';
import type { PspFailure, PspMoney } from './psp-calls.ts';

/**
 * One thing that a PSP reports about one subject.
 *
 * `succeeded`: the money moved, finally (captured, AUTHORISATION success with immediate
 * capture, payout paid, refund done). `failed`: declined, failed or expired, finally.
 * `canceled`: voided before capture. `returned`: a paid payout came back. `refunded`: a
 * captured payment was given back. `pending`: anything not final or not known.
 * `authorized`: reserved, to be captured. `irrelevant`: about nothing that we track (a balance
 * event); stored and done.
 *
 * Subject `refund`: `money` is what this one refund gives back, never a running total.
 * Subject `dispute`: `dispute_opened` when the money was taken back, `dispute_won` when it came
 * back (won, or reversed after it was lost), `dispute_lost` when it is lost for good.
 */
export interface PspEvent {
  /** Unique within the PSP and constant over deliveries. Adyen: eventCode + pspReference + success. */
  eventId: string;
  subject: 'payment' | 'payout' | 'refund' | 'dispute';
  outcome:
    | 'authorized'
    | 'dispute_opened'
    | 'dispute_won'
    | 'dispute_lost'
    | 'succeeded'
    | 'failed'
    | 'canceled'
    | 'returned'
    | 'refunded'
    | 'pending'
    | 'irrelevant';
  /**
   * On `succeeded`: true for an attempt that captures by itself, while one with `capture: 'manual'`
   * is only authorized by it. Of PSPs whose events do not say which (Adyen's AUTHORISATION).
   */
  onlyIfAutomatic?: true;
  /**
   * On a refund: what was reserved only was released instead (Adyen's CANCEL_OR_REFUND). Nothing
   * trustworthy in the event says which of the two; what we know of the payment does.
   */
  cancelOrRefund?: true;
  /** Our attempt id (for a refund event: refund id or attempt id), null when the event has none. */
  reference: string | null;
  /** The PSP's id of the payment or payout; for a refund event that of the payment given back, if the event tells it. */
  pspReference: string | null;
  /** Refund and dispute events: the PSP's id of the refund or dispute itself, where it tells one. */
  partReference?: string | null;
  /** What the PSP states; null when the event states no amount. */
  money: PspMoney | null;
  /** The PSP's decline or failure code, null otherwise. */
  code: string | null;
  /** Which of its worlds the event says that it comes from; absent where this PSP's events do not say. */
  environment?: PspEnvironment;
  /**
   * The event only says that something happened to `pspReference`, of whatever kind: nothing vouches
   * for it (it is not signed), or it leaves out what money depends on. Its outcome is `pending`; what
   * it is about is read with `PspAdapter.readEvents`.
   */
  askFirst?: true;
  /**
   * The event proves nothing by itself, or calls for our next step (PayPal: the payer approved):
   * the PSP is asked about the attempt at once, and only its answer counts. `outcome` is `pending`.
   */
  askPsp?: true;
  /** The PSP's own event type, for people (`payment_intent.succeeded`). */
  type: string;
  /** Epoch milliseconds at the PSP. */
  occurredAt: number;
}

/** Thrown by `parseWebhook` for bytes that are not an event of this dialect; answered with 400. */
export class MalformedWebhookError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedWebhookError';
  }
}

/** Thrown by `webhookKeys`; answered with 503, so that the PSP delivers again. */
export class WebhookKeysUnavailableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WebhookKeysUnavailableError';
  }
}

export interface WebhookInput {
  /** Exactly the bytes that arrived. */
  rawBody: Buffer;
  /** Lower-case names; repeated headers joined by `, `. */
  headers: Record<string, string>;
  /** Path of the request as it arrived, without the query: some PSPs sign it. */
  path?: string;
}

/**
 * Decides whether bytes come from the PSP. What must hold: no secret of the configuration
 * fits: `invalid_signature`. The signed time is older OR newer than the tolerance (dialects
 * that sign a time): `invalid_signature`. Compared in constant time over the raw bytes.
 * `unsigned`: the PSP signs nothing of this form, so anybody may have written it; every event of
 * such a body must be `askFirst`. `nonce`: what the PSP signs but once, where its signature does not
 * bind every byte of the body (PayPal: a CRC); with another body the same nonce is refused. Where the
 * body is signed, the event id in it is the nonce, and the inbox remembers it for ever.
 */
export type WebhookVerdict =
  | { kind: 'verified'; nonce?: string }
  | { kind: 'unsigned' }
  | { kind: 'invalid_signature'; reason: 'missing' | 'malformed' | 'mismatch' | 'stale' | 'future' }
  | { kind: 'malformed'; reason: string };

export interface WebhookVerifier {
  /** `credentials` are those of the configuration and what the adapter's `webhookKeys` gave for this message. */
  verify(
    input: WebhookInput & { credentials: Record<string, string>; receivedAtMs: number; toleranceMs: number },
  ): WebhookVerdict;
}

export type WebhookVerifiers = Readonly<Partial<Record<PspDialect, WebhookVerifier>>>;

export type ReadEventsResult = { kind: 'events'; events: PspEvent[] } | { kind: 'not_found' } | PspFailure;
