/**
 * Bank: the neutral heart of one simulated PSP. Commands are synchronous and change the books
 * in one step or throw a `PspProblem` and change nothing. The bank knows no HTTP, no dialect
 * and no timers: who calls `expireChallenge` or `settlePayout`, and when, is the engine's
 * business.
 *
 *   created ──► requires_action ──► authorized ──► captured ──► refunded
 *      │              │                  │
 *      └──► declined ◄┤                  ├──► canceled
 *                     └──► canceled      └──► expired
 *
 * A payment that was captured in part may have more captures where the PSP allows several.
 * Always true (asserted after every command): 0 ≤ refunded ≤ captured ≤ amount, captured +
 * capturable ≤ amount, disputed ≤ captured, and final states absorb (but for a refund that
 * fails late, which makes `refunded` `captured` again).
 */
import type { BookChange } from './book-change.ts';
import type {
  CardholderAction,
  CardOutcome,
  Challenge,
  DisputeReason,
  DisputeRecord,
  PaymentRecord,
  PaymentState,
  PayoutRecord,
  RefundRecord,
  SavedMethod,
} from './records.ts';

/** How this PSP's bank differs from another's; a dialect states it once. */
export interface BankRules {
  /**
   * `at-once`: an approved challenge charges the card right away (Stripe, acme).
   * `on-submit`: only when the merchant hands in the result (Adyen's /payments/details).
   */
  challengeCompletes: 'at-once' | 'on-submit';
  /** What becomes of a payment whose challenge ran out. */
  challengeExpiresTo: Extract<PaymentState, 'declined' | 'canceled' | 'expired'>;
  /** True where a declined payment takes another confirmation (a Stripe PaymentIntent does). */
  confirmAfterDecline: boolean;
  /** `several`: a capture that is not final leaves the rest to be captured. Default `one`. */
  captures?: 'one' | 'several';
  /** True: the payer's approval is a change of its own (`payment-approved`), as PayPal announces it. Default false. */
  tellsApproval?: boolean;
}

/** Which part of an authorization is taken. */
export interface CapturePart {
  /** Minor units; default everything that is left. */
  amountMinor?: number;
  /** False: more captures follow (only where the PSP allows several). Default true. */
  final?: boolean;
  /** The PSP's id of the capture; default what `samples.captureId` of the dialect says, as for an automatic capture. */
  captureId?: string;
}

export interface CreatePayment {
  pspReference: string;
  reference: string | null;
  amountMinor: number;
  currency: string;
  captureMode: 'automatic' | 'manual';
  /** Null: only create it; `confirmPayment` charges the card later. */
  outcome: CardOutcome | null;
  returnUrl?: string | null;
  /** Default `card`. */
  method?: string;
  methodToken?: string | null;
  details?: Record<string, unknown>;
}

export interface ConfirmPayment {
  pspReference: string;
  outcome: CardOutcome;
  method?: string;
  methodToken?: string | null;
  returnUrl?: string | null;
  /** Merged over the record's details. */
  details?: Record<string, unknown>;
}

export interface CreateRefund {
  pspReference: string;
  paymentPspReference: string;
  reference: string | null;
  /** Default: everything captured and not yet refunded. */
  amountMinor?: number;
  /** `pending` refunds hold the amount until `settleRefund`. Default `succeeded`. */
  outcome?: 'succeeded' | 'failed' | 'pending';
  /** What becomes of it by itself later; default the payment's fate, else `succeeded`. */
  settles?: RefundRecord['settles'];
  details?: Record<string, unknown>;
}

export interface CreatePayout {
  pspReference: string;
  reference: string | null;
  amountMinor: number;
  currency: string;
  /** What the receiving bank will say later. */
  outcome: PayoutRecord['outcome'];
  failureReason?: string | null;
  details?: Record<string, unknown>;
}

export interface OpenDispute {
  pspReference: string;
  paymentPspReference: string;
  /** Default: everything captured, not refunded and not disputed. */
  amountMinor?: number;
  reason: DisputeReason;
  /** How it ends by itself; default null. */
  ends?: DisputeRecord['ends'];
  /** How long the merchant may hand in evidence, in milliseconds. */
  evidenceLifeMs: number;
  details?: Record<string, unknown>;
}

export interface Bank {
  // Commands. Each returns the record after it; the changes go to the listener given at creation, in order, before the call returns.
  createPayment(command: CreatePayment): PaymentRecord;
  confirmPayment(command: ConfirmPayment): PaymentRecord;
  /** Takes authorized money, all that is left by default. */
  capture(pspReference: string, part?: CapturePart): PaymentRecord;
  /** Ends a payment that is not captured; of a partly captured one, releases the rest (`payment-released`). */
  cancel(pspReference: string): PaymentRecord;
  /** The same because time passed. */
  expire(pspReference: string): PaymentRecord;
  createRefund(command: CreateRefund): RefundRecord;
  settleRefund(pspReference: string, outcome: 'succeeded' | 'failed'): RefundRecord;
  /** A refund that had succeeded comes back: `refund-failed`, then `payment-refund-returned`. */
  failRefundLate(pspReference: string): RefundRecord;
  createPayout(command: CreatePayout): PayoutRecord;
  /** `returned` is possible only after `paid`; the other two only from `pending`. */
  settlePayout(pspReference: string, outcome: 'paid' | 'failed' | 'canceled' | 'returned'): PayoutRecord;
  /** The cardholder takes the money back. A payment has one open dispute at most. */
  openDispute(command: OpenDispute): DisputeRecord;
  /** Only while it is open. The details are merged over the record's. */
  submitEvidence(pspReference: string, details?: Record<string, unknown>): DisputeRecord;
  /** Only while it is open or under review. Accepting a dispute is losing it. */
  closeDispute(pspReference: string, outcome: 'won' | 'lost'): DisputeRecord;
  /** Only after it was lost: the money comes back after all. */
  reverseDispute(pspReference: string): DisputeRecord;
  /** Keeps a payment method under its token; saving a token again replaces it. */
  saveMethod(method: Omit<SavedMethod, 'createdAtMs'>): SavedMethod;
  /** False when there is none. */
  removeMethod(token: string): boolean;
  /** The cardholder acts on the page. `abandon` leaves the payment waiting until the challenge expires. */
  actOnChallenge(challengeId: string, action: CardholderAction): Challenge;
  /** The merchant hands in the result (only with `challengeCompletes: 'on-submit'`). Repeating it answers the same record. */
  submitChallenge(challengeId: string): PaymentRecord;
  /** Does nothing when the challenge is completed already. */
  expireChallenge(challengeId: string): void;
  /** Replaces the dialect's own data on a record, without a book change. */
  setDetails(pspReference: string, details: Record<string, unknown>): void;

  /** How many payments and payouts have left the books because there were too many. */
  forgotten(): number;

  // Reads. `find…` answer undefined, the others throw `PspProblem('not-found')`. Snapshots: safe to keep.
  payment(pspReference: string): PaymentRecord;
  refund(pspReference: string): RefundRecord;
  payout(pspReference: string): PayoutRecord;
  challenge(challengeId: string): Challenge;
  dispute(pspReference: string): DisputeRecord;
  findDispute(pspReference: string): DisputeRecord | undefined;
  findMethod(token: string): SavedMethod | undefined;
  findPayment(pspReference: string): PaymentRecord | undefined;
  findRefund(pspReference: string): RefundRecord | undefined;
  findPayout(pspReference: string): PayoutRecord | undefined;
  /** Oldest first. */
  payments(filter?: { reference?: string }): PaymentRecord[];
  refunds(filter?: { reference?: string; paymentPspReference?: string }): RefundRecord[];
  payouts(filter?: { reference?: string }): PayoutRecord[];
  challenges(): Challenge[];
  disputes(filter?: { reference?: string; paymentPspReference?: string }): DisputeRecord[];
  methods(filter?: { customer?: string }): SavedMethod[];
}

/** Receives every change, in order, inside the command that made it. Must not call the bank. */
export type ChangeListener = (change: BookChange) => void;
