/**
 * The port to one payment service provider, in neutral words.
 *
 * An adapter translates one dialect and decides nothing: it never retries, never fails over,
 * never touches the database, never credits. What money depends on is told without gloss:
 * every failed call says whether the request may have arrived, and every state that the
 * adapter does not know is `pending`, never `declined` or `failed`.
 *
 *   application ──createPayment──► adapter ──HTTP──► PSP
 *        ▲                                            │
 *        └──── PspEvent[] ◄── parseWebhook ◄── inbox ◄┘ (verified first, by WebhookVerifier)
 */
import type { Clock, Ids, Network } from '../../kernel/index.ts';
import type { PaymentMethod } from '../domain/deposit.ts';
import type { FetchableSettlement } from './settlement.ts';

export type PspDialect = 'acme' | 'stripe' | 'adyen' | 'checkout' | 'paypal' | 'mollie' | 'open-banking';

/** Every PSP has two worlds with the same ids, keys apart; money is real in one of them. */
export type PspEnvironment = 'test' | 'live';

/** One PSP account as configured. `name` is our name for it, also in the webhook URL. */
export interface PspConfig {
  name: string;
  dialect: PspDialect;
  /** Root of the PSP's API without a trailing slash, for instance `http://psp-stripe`. */
  baseUrl: string;
  /**
   * acme: apiKey, webhookSecret · stripe: apiKey, webhookSecret · adyen: apiKey,
   * merchantAccount, hmacKey · the others: see `credentials-of.ts`. Secrets of webhooks may be comma-separated lists (rotation);
   * any of them is accepted.
   */
  credentials: Record<string, string>;
  profile?: { keyLifeMs?: number; visibilityLagMs?: number };
}

/** Money in minor units of its ISO 4217 currency. */
export interface PspMoney {
  amountMinor: number;
  currency: string;
}

/** What every call about a deposit attempt carries; all of it is persisted before sending. */
export interface PspPaymentAttempt extends PspMoney {
  /** Our reference: the PSP stores it, reports it in webhooks, and finds the payment by it. */
  attemptId: string;
  paymentId: string;
  playerId: string;
  method: PaymentMethod;
  /** What is paid with: neutral (`card_ok`, `card_3ds`, `ewallet_ok`, …) or native (`pm_card_…`, `tok_…`). */
  token: string;
  /** The PSP's own token of a kept method; charged instead of `token` when it is set. */
  storedToken: string | null;
  /** Ask the PSP to keep the method; an approved or authorized report then tells its token. */
  storeMethod: boolean;
  /** `manual`: authorize only; `capturePayment` takes the money. */
  capture: 'automatic' | 'manual';
  /** `force`: ask for strong customer authentication whatever the PSP's own rules say. */
  challenge: 'auto' | 'force';
  country: string | null;
  device: 'mobile' | 'desktop' | 'tablet' | null;
  /** Bank payments: the player's bank in the PSP's word, where the protocol wants it. */
  bank: string | null;
  /** Same text for every try of this attempt, at most 64 characters. */
  idempotencyKey: string;
  /** The PSP's id, once known. */
  pspReference: string | null;
}

/** What every call about a payout attempt carries. */
export interface PspPayoutAttempt extends PspMoney {
  attemptId: string;
  payoutId: string;
  playerId: string;
  method: PaymentMethod;
  /** Neutral (`card_payout_ok`, `card_payout_fail`) or native. */
  destinationToken: string;
  idempotencyKey: string;
  pspReference: string | null;
}

/** Takes money of an authorized payment; what is not captured is released. */
export interface PspCaptureRequest extends PspMoney {
  attemptId: string;
  paymentId: string;
  pspReference: string;
  /** Same text for every try of this capture. */
  idempotencyKey: string;
}

/** All or a part of what was captured. */
export interface PspRefundRequest extends PspMoney {
  /** Our reference of the refund; one refund of one attempt keeps it over retries. */
  refundId: string;
  attemptId: string;
  /** The PSP's id of the payment to refund. */
  pspReference: string;
  idempotencyKey: string;
}

/**
 * No answer that means anything. `not_reached`: no byte can have arrived (refused, name not
 * resolved), safe to go elsewhere. `refused`: the PSP answered that it did NOT execute this
 * request (rate limit, authentication, invalid request). `in_doubt`: anything else (time-out,
 * reset, truncated or unreadable answer, every 5xx, same key in flight): it may have happened.
 */
export type PspFailure =
  | { kind: 'not_reached'; requestMayHaveArrived: false; reason: string }
  | {
      kind: 'refused';
      requestMayHaveArrived: true;
      reason: string;
      code: 'rate_limited' | 'unauthorized' | 'invalid_request' | 'unsupported';
    }
  | {
      kind: 'in_doubt';
      requestMayHaveArrived: true;
      reason: string;
      /** The PSP did answer, about something with another reference than ours. */
      aboutAnother?: true;
    };

/** `issuer`: another PSP would ask the same issuer, so no failover. `technical`: the PSP or its acquirer had trouble. */
export type DeclineClass = 'issuer' | 'technical';

/** A method that the PSP keeps for us. It never holds a card number. */
export interface StoredMethodReport {
  /** The PSP's token, to be sent as `storedToken`. */
  token: string;
  brand: string | null;
  last4: string | null;
}

/** What the PSP says about a payment. `money` is what the PSP itself states, null when it does not. */
export type PspPaymentReport =
  | { kind: 'approved'; pspReference: string; money: PspMoney | null; stored?: StoredMethodReport }
  /** Reserved, not taken (`capture: 'manual'`). */
  | { kind: 'authorized'; pspReference: string; money: PspMoney | null; stored?: StoredMethodReport }
  | { kind: 'pending'; pspReference: string | null }
  | { kind: 'requires_action'; pspReference: string | null; redirectUrl: string }
  | { kind: 'declined'; pspReference: string | null; code: string; declineClass: DeclineClass }
  | { kind: 'canceled'; pspReference: string | null }
  | { kind: 'refunded'; pspReference: string | null };

export type CreatePaymentResult = PspPaymentReport | PspFailure;

/**
 * `not_found` is what the PSP said, not yet proof of absence: the caller honours the visibility lag.
 * Asked by our reference a PSP may list several payments: `others` are those that it took money
 * for beside the reported one. One attempt should have one.
 */
export type QueryPaymentResult =
  | (PspPaymentReport & { others?: readonly Extract<PspPaymentReport, { kind: 'approved' }>[] })
  | { kind: 'not_found' }
  | PspFailure;

/** `captured`: the money is taken. `received`: the PSP will tell by webhook. `rejected`: not in a state to be captured, or expired. */
export type CapturePaymentResult =
  | { kind: 'captured'; money: PspMoney | null }
  | { kind: 'received' }
  | { kind: 'rejected'; reason: string }
  | { kind: 'not_found' }
  | PspFailure;

/** `received`: the PSP will tell by webhook. `too_late`: it is captured or otherwise final. */
export type CancelPaymentResult =
  | { kind: 'canceled' }
  | { kind: 'received' }
  | { kind: 'too_late'; reason: string }
  | { kind: 'not_found' }
  | PspFailure;

export type RefundPaymentResult =
  | { kind: 'refunded'; refundReference: string }
  | { kind: 'received'; refundReference: string | null }
  | { kind: 'rejected'; reason: string }
  | PspFailure;

export type PspPayoutReport =
  | { kind: 'pending'; pspReference: string | null }
  | { kind: 'paid'; pspReference: string; money: PspMoney | null }
  | { kind: 'failed'; pspReference: string | null; code: string }
  | { kind: 'returned'; pspReference: string; money: PspMoney | null };

export type CreatePayoutResult = PspPayoutReport | PspFailure;
export type QueryPayoutResult = PspPayoutReport | { kind: 'not_found' } | PspFailure;

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

export interface PspCapabilities {
  /** What a player can pay with through this adapter. */
  methods: readonly PaymentMethod[];
  /** What can be paid out to; empty where the PSP has no payouts. */
  payoutMethods: readonly PaymentMethod[];
  /** Methods that can be authorized first and captured later. */
  twoStepMethods: readonly PaymentMethod[];
  /** Methods that can be kept and charged again by token. */
  storableMethods: readonly PaymentMethod[];
  /** Methods whose kept token is a destination of a payout, too. Absent: none. */
  keptPayoutMethods?: readonly PaymentMethod[];
  /** The PSP can be asked by our reference or its id. False: repeating the call with the same key is the only question. */
  statusQuery: boolean;
  /**
   * False: `statusQuery` needs the PSP's id. As long as that is unknown, repeating the call with
   * the same key is the only question (PayPal). Absent: true.
   */
  queryByReference?: boolean;
  /** For how long the PSP remembers an idempotency key, in milliseconds. Repeating later may execute twice. */
  keyLifeMs: number;
  /** For how long `not_found` proves nothing after a send, in milliseconds. */
  visibilityLagMs: number;
  /** `submitReturn` must be called with what the browser brought back. */
  needsReturn: boolean;
  /** A payment can be cancelled when only our reference is known. */
  cancelByReference: boolean;
}

export interface PspAdapter {
  readonly name: string;
  readonly dialect: PspDialect;
  /** The world of our account; null when its credentials do not tell. */
  readonly environment: PspEnvironment | null;
  readonly capabilities: PspCapabilities;

  /** Creates a payment, and captures it unless `capture` is `manual`. Same attempt, same key: never a second payment within `keyLifeMs`. */
  createPayment(attempt: PspPaymentAttempt, options: CreatePaymentOptions): Promise<CreatePaymentResult>;

  /** Asks what became of an attempt; only where `capabilities.statusQuery`. */
  queryPayment(attempt: PspPaymentAttempt): Promise<QueryPaymentResult>;

  /**
   * Hands the browser's query to the PSP (Adyen's /payments/details); only where
   * `capabilities.needsReturn`. Repeatable: uses a key derived from the attempt's.
   */
  submitReturn?(attempt: PspPaymentAttempt, query: Record<string, string>): Promise<CreatePaymentResult>;

  /** Voids an attempt that is not captured. Repeatable. */
  cancelPayment(attempt: PspPaymentAttempt): Promise<CancelPaymentResult>;

  /** Takes the money of an authorized payment. Only where `capabilities.twoStepMethods` has the method. Repeatable. */
  capturePayment(capture: PspCaptureRequest): Promise<CapturePaymentResult>;

  /** Gives captured money back, all or a part. Repeatable with the same refund id and key. */
  refundPayment(refund: PspRefundRequest): Promise<RefundPaymentResult>;

  createPayout(attempt: PspPayoutAttempt): Promise<CreatePayoutResult>;

  /** Only where `capabilities.statusQuery`. */
  queryPayout(attempt: PspPayoutAttempt): Promise<QueryPayoutResult>;

  /**
   * Public keys that the message asks for and the configuration does not hold (PayPal: the
   * certificate that its headers name), under the names that the dialect's verifier reads. Called
   * before `verify` with bytes that nobody has checked: it fetches only from the PSP's own hosts,
   * remembers what it got, and gives nothing where the message names nothing of the kind.
   * @throws WebhookKeysUnavailableError when the PSP does not hand them out now
   */
  webhookKeys?(input: WebhookInput): Promise<Record<string, string>>;

  /**
   * The events in a verified body, in the PSP's order (Adyen: one per notification item).
   * @throws MalformedWebhookError
   */
  parseWebhook(input: WebhookInput): PspEvent[];

  /**
   * What an `askFirst` event is about, as the PSP itself answers: an event for each thing that
   * has become final of the payment so far, with ids that are the same at every reading. None of
   * them is `askFirst`. Only where `parseWebhook` gives such events.
   */
  readEvents?(event: PspEvent): Promise<ReadEventsResult>;

  /**
   * Settlement files that the PSP's API offers, of settlements closed at or after `sinceMs` (epoch
   * ms), oldest first. Absent where files come another way.
   * @throws Error when the list, or in `read` the file, cannot be had now
   */
  fetchSettlements?(sinceMs: number): Promise<FetchableSettlement[]>;
}

export interface CreatePaymentOptions {
  /** Where the payer's browser comes back to. */
  returnUrl: string;
  /** Where the PSP's webhooks are received, for PSPs that want to be told with each payment. */
  webhookUrl?: string;
}

export type ReadEventsResult = { kind: 'events'; events: PspEvent[] } | { kind: 'not_found' } | PspFailure;

/** What an adapter may use of the world. Calls end after `timeoutMs` with `in_doubt`. */
export interface PspAdapterPorts {
  clock: Clock;
  ids: Ids;
  network: Network;
  timeoutMs: number;
}

/** `adapters/psp/index.ts` exports `createPspAdapter` of this type, and `webhookVerifiers`. */
export type PspAdapterFactory = (config: PspConfig, ports: PspAdapterPorts) => PspAdapter;
