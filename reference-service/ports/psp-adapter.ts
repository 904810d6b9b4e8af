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
import type { PspConfig, PspDialect, PspEnvironment } from './psp-account.ts';
import type {
  CancelPaymentResult,
  CapturePaymentResult,
  CreatePaymentResult,
  CreatePayoutResult,
  PspCaptureRequest,
  PspPaymentAttempt,
  PspPayoutAttempt,
  PspRefundRequest,
  QueryPaymentResult,
  QueryPayoutResult,
  RefundPaymentResult,
} from './psp-calls.ts';
import type { PspEvent, ReadEventsResult, WebhookInput } from './psp-events.ts';
import type { FetchableSettlement } from './settlement.ts';

export type * from './psp-account.ts';
export type * from './psp-calls.ts';
export * from './psp-events.ts';

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

  /**
   * Settles when the adapter has loaded what it needs; absent where that is nothing. The service
   * waits for it before it listens: a first call must not be slower than, or overtaken by, a second.
   */
  ready?(): Promise<void>;

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

/** What an adapter may use of the world. Calls end after `timeoutMs` with `in_doubt`. */
export interface PspAdapterPorts {
  clock: Clock;
  ids: Ids;
  network: Network;
  timeoutMs: number;
}

/** `adapters/psp/index.ts` exports `createPspAdapter` of this type, and `webhookVerifiers`. */
export type PspAdapterFactory = (config: PspConfig, ports: PspAdapterPorts) => PspAdapter;
