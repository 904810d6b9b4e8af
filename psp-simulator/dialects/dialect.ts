/**
 * Dialect: one PSP's wire protocol, as data and pure functions. The engine drives it:
 *
 *   accept ─► match route ─► authenticate ─► parse ─► idempotency ─► [before-commit faults]
 *          ─► route.handle (books change) ─► [after-commit faults] ─► answer
 *
 *   book change ─► webhooksFor ─► courier ─► sign (per attempt) ─► merchant
 *
 * A dialect never imports another dialect, never sees faults, never schedules anything and
 * keeps no state of its own: what it must remember goes into `details` of a record. Everything
 * here is synchronous. Folder layout: routes.ts, wire.ts, idempotency.ts, signature.ts,
 * webhooks.ts, magic.ts, errors.ts, settlement.ts, samples.ts, README.md, index.ts (exports one
 * `Dialect`), test/probe.ts (how the conformance suite speaks to it).
 */
import type { Ids, Random } from '../../kernel/index.ts';
import type { Bank, BankRules, CreatePayment, CreatePayout, CreateRefund, OpenDispute } from '../core/bank.ts';
import type { BookChange, BookChangeType } from '../core/book-change.ts';
import type { PspProblem } from '../core/problem.ts';
import type { BookRecord, Challenge, DisputeReason, DisputeRecord, PaymentRecord } from '../core/records.ts';
import type { SettlementBatch, SettlementFile, SettlementLine, SettlementTerms } from '../settlement/settlement.ts';
import type { PspProfile, RateLimit } from './profile.ts';
import type {
  SignedMessage,
  SigningRequest,
  StoredEvent,
  StrangeEvent,
  WebhookContext,
  WebhookDraft,
} from './webhook.ts';

/** What a request is for, in words that faults and scenarios use for every PSP. */
export type Operation =
  | 'create-payment'
  | 'confirm-payment'
  | 'submit-challenge'
  | 'capture'
  | 'void'
  | 'refund'
  | 'create-payout'
  | 'get-payment'
  | 'list-payments'
  | 'get-payout'
  | 'list-payouts'
  | 'get-refund'
  | 'list-refunds'
  | 'get-dispute'
  | 'list-disputes'
  | 'answer-dispute'
  | 'save-method'
  | 'list-methods'
  | 'remove-method'
  | 'read-settlement'
  /** Reads beside money: events, charges, balance. */
  | 'read-other'
  /** Writes beside money (a cancelled payout, updated metadata). */
  | 'write-other'
  /** A route that this dialect does not simulate. */
  | 'unsupported';

/** A request as received. */
export interface PspRequest {
  readonly method: string;
  /** Percent-decoded path after `normalizePath`, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes exactly as they came. */
  readonly rawBody: Buffer;
}

/** An answer ready for the wire. The engine adds Content-Length. */
export interface PspAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a dialect sees of the PSP that it speaks for. */
export interface PspContext {
  readonly name: string;
  /** Base URL, without a trailing slash. */
  readonly url: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly profile: Readonly<PspProfile>;
  readonly bank: Bank;
  /** The run's clock, for timestamps in bodies. */
  nowMs(): number;
  readonly ids: Ids;
  readonly random: Random;
  /** Where the browser of the cardholder goes: `<url>/assay/3ds/<challenge>`. */
  challengeUrl(challengeId: string): string;
  /** Events sent so far, oldest first. */
  events(): readonly StoredEvent[];
  /** Closed settlement batches, oldest first. */
  settlementBatches(): readonly SettlementBatch[];
  /** Lines that no batch has yet, oldest first. */
  unsettledLines(): readonly SettlementLine[];
  /**
   * Tells the merchant something by webhook that is no change of the books: Adyen's no to a
   * modification that it had accepted for processing. Only inside a route's `handle`. Faults that
   * alter what an event says leave such an event alone; all others apply.
   */
  announce(draft: WebhookDraft): void;
}

/** One call of a route. */
export interface Call {
  readonly psp: PspContext;
  readonly request: PspRequest;
  /** Values of `{name}` in the route's path. */
  readonly params: Readonly<Record<string, string>>;
  /** What `parseBody` made of the raw body. */
  readonly body: Readonly<Record<string, unknown>>;
  /**
   * May a status query see this record yet? Pass the PSP's own lag for this route
   * (`psp.profile.visibilityLagMs` for eventually consistent ones, 0 for the others): a fault
   * may add to it. Call it in every GET that reads a payment, refund or payout; an invisible
   * record is answered exactly as one that does not exist.
   */
  isVisible(record: BookRecord, lagMs: number): boolean;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v1/payment_intents/{id}/capture`; a `{name}` matches one segment. The first match wins. */
  readonly path: string;
  readonly operation: Operation;
  /** Does the work and answers; throws `PspProblem` to refuse. Changes the books only through `psp.bank`. */
  handle(call: Call): PspAnswer;
  /**
   * The merchant's reference this call is about, null when unknown. It keys the history and
   * the draws of faults, and must not change the books or throw. It is asked before `handle`
   * (a body may be nonsense) and, when it said null, once more after it.
   */
  referenceOf(call: Call): string | null;
}

/** How this PSP treats repeated requests. Key life is in the profile. */
export interface IdempotencyRules {
  /** Lower-case header name. */
  readonly keyHeader: string;
  /** Methods that honour the header; it is ignored on the others. */
  readonly methods: readonly string[];
  /** True: a request without a key is refused with `idempotency-key-missing`. */
  readonly required: boolean;
  /** A longer key is refused with `idempotency-key-invalid`. */
  readonly maxKeyLength: number;
  /** What separates two uses of one key beside the key itself: '' for the whole account, or method and path. */
  scope(request: PspRequest): string;
  /** Text that must be equal for two requests to be the same one. The engine hashes it. */
  fingerprint(request: PspRequest): string;
  /** `refuse`: `errorAnswer(idempotency-other-body)`; `replay`: the first answer anyway. */
  readonly otherBody: 'refuse' | 'replay';
  /** Is this answer remembered? `problem` is set when it came from `errorAnswer`. */
  keeps(answer: PspAnswer, problem: PspProblem | null): boolean;
  /** Headers added to a replayed answer. */
  readonly replayHeaders: Readonly<Record<string, string>>;
  /**
   * What a repeated request is answered with instead of the first answer, where the PSP shows
   * the latest state of what that request made (PayPal). Must not change the books.
   */
  refresh?(answer: PspAnswer, call: Call): PspAnswer;
  /** How long the key of this request is remembered, where it differs by API; default the profile's `keyLifeMs`. */
  keyLifeMs?(request: PspRequest, profile: Readonly<PspProfile>): number;
  /** Headers added to every answer of a request that had this key (echo). */
  answerHeaders(key: string): Readonly<Record<string, string>>;
}

/** Where an account stands with its rate limit. */
export interface RateLimitState {
  readonly limit: RateLimit;
  readonly remaining: number;
  /** Until the next request is let through, or the window is fresh. */
  readonly resetMs: number;
  readonly exceeded: boolean;
}

/**
 * What a request is about, for faults that are planned by method, amount or player. `methods`:
 * the PSP's own word and, for cards, `card`. `players`: every word for the customer.
 */
export interface RequestFacts {
  readonly methods: readonly string[];
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly players: readonly string[];
}

/**
 * How the simulator makes a payment of this dialect without a request: for triggered events,
 * the control API and the settlement tests. Each command must carry the `details` that the
 * dialect's own routes would have stored.
 */
export interface DialectSamples {
  /** `outcome` is set by the caller. */
  payment(psp: PspContext, wish: SampleWish): Omit<CreatePayment, 'outcome'>;
  refund(psp: PspContext, payment: PaymentRecord, amountMinor?: number): CreateRefund;
  payout(psp: PspContext, wish: SampleWish): Omit<CreatePayout, 'outcome'>;
  /** Also used when a cardholder disputes a payment by itself. */
  dispute(psp: PspContext, payment: PaymentRecord, reason: DisputeReason): OpenDispute;
  /** Notes that the merchant accepts the dispute, where the PSP tells that apart from losing it; who calls closes it as lost. */
  acceptDispute?(psp: PspContext, dispute: DisputeRecord): void;
  captureId(psp: PspContext, payment: PaymentRecord): string;
}

export interface SampleWish {
  reference: string;
  amountMinor: number;
  currency: string;
  captureMode: 'automatic' | 'manual';
}

/** The PSP's settlement data in its native format. */
export interface DialectSettlement {
  readonly terms: SettlementTerms;
  /** The files (or API documents) by which the PSP tells the merchant about one closed batch. Pure. */
  files(batch: SettlementBatch, psp: PspContext): SettlementFile[];
  /** Events that announce a closed batch (Adyen's REPORT_AVAILABLE); default none. */
  webhooksFor?(batch: SettlementBatch, context: WebhookContext): WebhookDraft[];
}

export interface Dialect {
  /** Also the name in configuration files. */
  readonly name: string;
  /** For people: `Stripe (API 2026-10-28)`. */
  readonly title: string;
  readonly profile: PspProfile;
  readonly bankRules: BankRules;
  /** Deterministic from the PSP's name, so that configurations can be written down. */
  credentials(pspName: string): Record<string, string>;

  readonly routes: readonly Route[];
  /** Path of the request before matching: strips a prefix or absolute URL that an SDK sends. Default: unchanged. */
  normalizePath?(path: string): string;
  /** Throws `PspProblem('unauthorized')`. `body` is parsed already, for PSPs that name the merchant there. */
  authenticate(request: PspRequest, psp: PspContext): void;
  /** Throws `PspProblem('malformed')`. An empty body is `{}`. */
  parseBody(request: PspRequest): Record<string, unknown>;
  readonly idempotency: IdempotencyRules;
  /** What the PSP publishes; applied only when the profile asks for it, so that a load run measures the service. */
  readonly publishedRateLimit: RateLimit;
  /** Headers that tell the client where it stands; on the 429, and on other answers where the PSP does so. */
  rateLimitHeaders?(state: RateLimitState): Readonly<Record<string, string>>;
  /** How this PSP says no. `request` is null when none could be read. Never throws. */
  errorAnswer(problem: PspProblem, request: PspRequest | null, psp: PspContext): PspAnswer;
  /** Headers on every answer (`request-id`, …); `exchangeId` is unique per exchange. */
  answerHeaders?(exchangeId: string, request: PspRequest): Readonly<Record<string, string>>;

  /** Events that the PSP sends for a change, in order; often one, sometimes none. Pure: also called for changes that faults made up. */
  webhooksFor(change: BookChange, context: WebhookContext): WebhookDraft[];
  sign(request: SigningRequest): SignedMessage;
  /**
   * The unsigned body of an event that no change of the books makes, from an ordinary one. Null:
   * this PSP's events cannot say so. Default: types, ids and environment words are replaced in
   * the text, which suits JSON and form bodies that name them plainly.
   */
  strange?(draft: WebhookDraft, kind: StrangeEvent): string | null;
  /** Default: looked for in the parsed body under the names that PSPs use; needed only where that fails. */
  factsOf?(call: Call): RequestFacts | undefined;
  /** Does this HTTP status acknowledge a delivery? */
  acknowledges(status: number): boolean;
  /** `head-of-line`: a failing delivery holds back everything queued behind it (Adyen). */
  readonly queue: 'independent' | 'head-of-line';
  /** True where the signature covers a time, so that an old message can be told from a fresh one. */
  readonly signsTime: boolean;

  /**
   * Every event type that this PSP can send, and the neutral change that makes it: `assay psp
   * trigger` brings that change about and the books stay consistent. `settlement` closes a batch.
   */
  readonly eventTypes: Readonly<Record<string, BookChangeType | 'settlement'>>;
  readonly samples: DialectSamples;
  readonly settlement: DialectSettlement;
  /** Real host names of this PSP's API, which the CONNECT proxy answers for; `*` matches one label. */
  readonly hosts: readonly string[];

  /** Where a page sends the payer who turned back by its `cancel` button; default the return URL. Null: nowhere. */
  cancelUrl?(payment: PaymentRecord): string | null;
  /** Where the payer of a payment that was declined goes; default the return URL. Null: nowhere. */
  failureUrl?(payment: PaymentRecord): string | null;
  /** Query that the 3DS page appends to the merchant's return URL. */
  returnQuery(challenge: Challenge, payment: PaymentRecord, psp: PspContext): Record<string, string>;
}
