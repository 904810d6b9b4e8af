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
 * Always true (asserted after every command): 0 ≤ refunded ≤ captured ≤ amount, and final
 * states absorb.
 */
import type { BookChange } from './book-change.ts';
import type {
  CardholderAction,
  CardOutcome,
  Challenge,
  PaymentRecord,
  PaymentState,
  PayoutRecord,
  RefundRecord,
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
  details?: Record<string, unknown>;
}

export interface ConfirmPayment {
  pspReference: string;
  outcome: CardOutcome;
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
  details?: Record<string, unknown>;
}

export interface CreatePayout {
  pspReference: string;
  reference: string | null;
  amountMinor: number;
  currency: string;
  /** What the receiving bank will say later. */
  outcome: 'paid' | 'failed';
  failureReason?: string | null;
  details?: Record<string, unknown>;
}

export interface Bank {
  // Commands. Each returns the record after it; the changes go to the listener given at creation, in order, before the call returns.
  createPayment(command: CreatePayment): PaymentRecord;
  confirmPayment(command: ConfirmPayment): PaymentRecord;
  /** Default amount: everything authorized. One capture per payment; the rest is released. */
  capture(pspReference: string, amountMinor?: number): PaymentRecord;
  /** Ends a payment that is not captured. */
  cancel(pspReference: string): PaymentRecord;
  /** Ends a payment that is not captured because time passed. */
  expire(pspReference: string): PaymentRecord;
  createRefund(command: CreateRefund): RefundRecord;
  settleRefund(pspReference: string, outcome: 'succeeded' | 'failed'): RefundRecord;
  createPayout(command: CreatePayout): PayoutRecord;
  /** `returned` is possible only after `paid`; the other two only from `pending`. */
  settlePayout(pspReference: string, outcome: 'paid' | 'failed' | 'canceled' | 'returned'): PayoutRecord;
  /** The cardholder acts on the page. `abandon` leaves the payment waiting until the challenge expires. */
  actOnChallenge(challengeId: string, action: CardholderAction): Challenge;
  /** The merchant hands in the result (only with `challengeCompletes: 'on-submit'`). Repeating it answers the same record. */
  submitChallenge(challengeId: string): PaymentRecord;
  /** Does nothing when the challenge is completed already. */
  expireChallenge(challengeId: string): void;
  /** Replaces the dialect's own data on a record, without a book change. */
  setDetails(pspReference: string, details: Record<string, unknown>): void;

  // Reads. `find…` answer undefined, the others throw `PspProblem('not-found')`. Snapshots: safe to keep.
  payment(pspReference: string): PaymentRecord;
  refund(pspReference: string): RefundRecord;
  payout(pspReference: string): PayoutRecord;
  challenge(challengeId: string): Challenge;
  findPayment(pspReference: string): PaymentRecord | undefined;
  findRefund(pspReference: string): RefundRecord | undefined;
  findPayout(pspReference: string): PayoutRecord | undefined;
  /** Oldest first. */
  payments(filter?: { reference?: string }): PaymentRecord[];
  refunds(filter?: { reference?: string; paymentPspReference?: string }): RefundRecord[];
  payouts(filter?: { reference?: string }): PayoutRecord[];
  challenges(): Challenge[];
}

/** Receives every change, in order, inside the command that made it. Must not call the bank. */
export type ChangeListener = (change: BookChange) => void;
