/**
 * Records: what a simulated PSP writes in its books. The books are the ground truth that
 * invariants are judged against, so a record holds neutral facts only; whatever a dialect
 * must remember beside them (metadata, a card brand) lies in `details`, which the core
 * carries but never reads. Amounts are integers of minor units of `currency`.
 */

/**
 * `created`: known, not yet attempted (Stripe without `confirm`). `requires_action`: waits for
 * the cardholder's 3DS challenge. `authorized`: money reserved. `captured`: money taken, wholly
 * or partly. `refunded`: everything captured was given back.
 */
export type PaymentState =
  'created' | 'requires_action' | 'authorized' | 'captured' | 'declined' | 'canceled' | 'expired' | 'refunded';

export type RefundState = 'pending' | 'succeeded' | 'failed';

/** `returned`: the bank sent the money back after the payout was reported paid. */
export type PayoutState = 'pending' | 'paid' | 'failed' | 'canceled' | 'returned';

/** Why a payment was declined, in neutral words; each dialect maps them to its own codes. */
export type DeclineReason =
  | 'generic'
  | 'do_not_honor'
  | 'insufficient_funds'
  | 'expired_card'
  | 'incorrect_cvc'
  | 'lost_card'
  | 'stolen_card'
  | 'velocity_exceeded'
  | 'suspected_fraud'
  | 'processing_error'
  | 'authentication_failed'
  | 'authentication_error'
  | 'challenge_expired';

/** One line of a record's own story, for the control API. */
export interface RecordStep {
  atMs: number;
  state: string;
  /** What moved, in minor units; 0 for a change that moved nothing. */
  amountMinor: number;
}

interface BaseRecord {
  /** The id in the PSP's own form (`pi_…`, `apay_…`, 16 characters for Adyen). Unique in one PSP. */
  readonly pspReference: string;
  /** The merchant's reference, or null when the merchant gave none. */
  readonly reference: string | null;
  readonly currency: string;
  readonly amountMinor: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly steps: readonly RecordStep[];
  /** The dialect's own data; opaque to core and engine. JSON values only. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface PaymentRecord extends BaseRecord {
  readonly kind: 'payment';
  readonly state: PaymentState;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly captureMode: 'automatic' | 'manual';
  readonly declineReason: DeclineReason | null;
  /** How the cardholder was authenticated, once known. */
  readonly threeDs: 'none' | 'frictionless' | 'challenge';
  /** The latest challenge, if there was one; stays set when it is closed. */
  readonly challengeId: string | null;
  readonly returnUrl: string | null;
}

export interface RefundRecord extends BaseRecord {
  readonly kind: 'refund';
  readonly state: RefundState;
  /** PSP reference of the payment that is refunded. */
  readonly paymentPspReference: string;
}

export interface PayoutRecord extends BaseRecord {
  readonly kind: 'payout';
  readonly state: PayoutState;
  /** What the bank will say when it is asked; decided by a magic value at creation. */
  readonly outcome: 'paid' | 'failed';
  readonly failureReason: string | null;
}

export type BookRecord = PaymentRecord | RefundRecord | PayoutRecord;

/** What the cardholder did, or what time did to the challenge. */
export type ChallengeState = 'open' | 'approved' | 'failed' | 'abandoned' | 'expired';

/** What a person can do on the 3DS page. */
export type CardholderAction = 'approve' | 'fail' | 'abandon';

export interface Challenge {
  readonly id: string;
  readonly paymentPspReference: string;
  readonly state: ChallengeState;
  /** True once the payment went on from it. Differs from a closed state only where the merchant must submit the result (Adyen). */
  readonly completed: boolean;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** What the issuer says after an approved challenge. */
  readonly afterApproval: IssuerAnswer;
}

export type IssuerAnswer = { readonly kind: 'approve' } | { readonly kind: 'decline'; readonly reason: DeclineReason };

/** What happens when a card is charged: a dialect derives it from its magic values. */
export interface CardOutcome {
  readonly threeDs: 'none' | 'frictionless' | 'challenge';
  /** The issuer's answer, after the challenge where there is one. */
  readonly issuer: IssuerAnswer;
}

export const APPROVED: CardOutcome = { threeDs: 'none', issuer: { kind: 'approve' } };

/** States that no command leaves; `captured` moves on to `refunded` only, `declined` only where the PSP lets a merchant confirm again. */
export const FINAL_PAYMENT_STATES: readonly PaymentState[] = ['canceled', 'expired', 'refunded'];
