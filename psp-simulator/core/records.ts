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

/** `succeeded` may still become `failed` days later, when the cardholder's bank sends the money back. */
export type RefundState = 'pending' | 'succeeded' | 'failed';

/** `returned`: the bank sent the money back after the payout was reported paid. */
export type PayoutState = 'pending' | 'paid' | 'failed' | 'canceled' | 'returned';

/**
 * `open`: the money was taken back and the merchant may answer. `under_review`: evidence was
 * handed in. `reversed`: lost, and later decided for the merchant after all.
 */
export type DisputeState = 'open' | 'under_review' | 'won' | 'lost' | 'reversed';

export type DisputeReason =
  'fraudulent' | 'product_not_received' | 'product_unacceptable' | 'duplicate' | 'credit_not_processed' | 'general';

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
  | 'restricted_card'
  | 'invalid_card'
  | 'not_permitted'
  | 'issuer_unavailable'
  /** Soft decline: the issuer wants the payment again, with 3DS. */
  | 'authentication_required'
  | 'suspected_fraud'
  | 'processing_error'
  | 'authentication_failed'
  | 'authentication_error'
  | 'challenge_expired';

/** Why a payment may go without strong customer authentication (PSD2 RTS articles 13 to 18). */
export type Exemption =
  | 'low_value'
  | 'transaction_risk_analysis'
  | 'trusted_beneficiary'
  | 'recurring'
  | 'secure_corporate'
  | 'merchant_initiated';

export type CardScheme = 'visa' | 'mastercard' | 'amex' | 'other';

/** What the directory server and the issuer said about the cardholder, by EMV 3-D Secure 2. */
export interface Authentication {
  readonly flow: 'none' | 'frictionless' | 'challenge';
  readonly result:
    'authenticated' | 'attempted' | 'failed' | 'rejected' | 'unavailable' | 'abandoned' | 'timed_out' | 'exempted';
  /** EMV 3DS transStatus; null where no message was exchanged (an exemption without 3DS). */
  readonly transStatus: 'Y' | 'A' | 'N' | 'R' | 'U' | null;
  /** Electronic commerce indicator in the scheme's own values: Visa and Amex 05/06/07, Mastercard 02/01/00. */
  readonly eci: string;
  readonly version: '2.1.0' | '2.2.0' | '2.3.1';
  readonly exemption: Exemption | null;
  /** True when the issuer bears the loss of a fraud. */
  readonly liabilityShift: boolean;
}

/** One capture of a payment. */
export interface Capture {
  /** The PSP's own id of it (`ch_…`, Adyen's modification reference, PayPal's capture id). */
  readonly id: string;
  readonly amountMinor: number;
  readonly atMs: number;
  /** True: what was not captured is released. */
  readonly final: boolean;
}

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
  /** Oldest first; their sum is `capturedMinor`. */
  readonly captures: readonly Capture[];
  /** What may still be captured: 0 unless authorized, or partly captured with more to come. */
  readonly capturableMinor: number;
  /** Taken back by disputes that are open or lost. */
  readonly disputedMinor: number;
  /** What it is paid with, in the dialect's word: `card`, `paypal`, `ideal`, `voucher`, … */
  readonly method: string;
  /** Token of the saved payment method it was charged with, or null. */
  readonly methodToken: string | null;
  readonly declineReason: DeclineReason | null;
  /** Null until authentication was tried. */
  readonly authentication: Authentication | null;
  /** How this payment goes on by itself, decided by magic values at creation. */
  readonly fate: Fate;
  /** How the cardholder was authenticated, once known. */
  readonly threeDs: 'none' | 'frictionless' | 'challenge';
  /** The latest challenge, if there was one; stays set when it is closed. */
  readonly challengeId: string | null;
  readonly returnUrl: string | null;
}

/** What happens to a payment later without anybody's command. */
export interface Fate {
  /** The cardholder disputes it, and how that ends (null: stays open until somebody decides). */
  readonly dispute?: { readonly reason: DisputeReason; readonly ends: 'won' | 'lost' | 'reversed' | null };
  /** What becomes of its refunds; default `succeeded`. */
  readonly refunds?: RefundRecord['settles'];
}

export interface RefundRecord extends BaseRecord {
  readonly kind: 'refund';
  readonly state: RefundState;
  /** What becomes of it by itself; `fails-late`: it succeeds first and fails days later. */
  readonly settles: 'succeeded' | 'failed' | 'fails-late';
  /** PSP reference of the payment that is refunded. */
  readonly paymentPspReference: string;
}

export interface PayoutRecord extends BaseRecord {
  readonly kind: 'payout';
  readonly state: PayoutState;
  /** What the bank will say when it is asked; decided by a magic value at creation. `returned`: paid first, sent back later. */
  readonly outcome: 'paid' | 'failed' | 'returned';
  readonly failureReason: string | null;
}

export interface DisputeRecord extends BaseRecord {
  readonly kind: 'dispute';
  readonly state: DisputeState;
  readonly paymentPspReference: string;
  readonly reason: DisputeReason;
  /** Until then the merchant may hand in evidence; then it is lost. */
  readonly evidenceDueMs: number;
  /** How it ends by itself; null: it stays until somebody decides or the evidence is overdue. */
  readonly ends: 'won' | 'lost' | 'reversed' | null;
}

export type BookRecord = PaymentRecord | RefundRecord | PayoutRecord | DisputeRecord;

/**
 * A payment method that the merchant may charge again by its token. It never holds a card
 * number: only what a receipt may show.
 */
export interface SavedMethod {
  readonly token: string;
  /** The merchant's or PSP's id of the customer it belongs to. */
  readonly customer: string | null;
  /** `card`, `paypal`, `directdebit`, … in the dialect's word. */
  readonly type: string;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly expiryMonth: number | null;
  readonly expiryYear: number | null;
  /** What charging it does, decided by the magic value that it was saved from. */
  readonly outcome: CardOutcome;
  readonly createdAtMs: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What the cardholder did, or what time did to the challenge. */
export type ChallengeState = 'open' | 'approved' | 'failed' | 'abandoned' | 'canceled' | 'expired';

/**
 * What a person can do on a page. `attempt` and `unavailable` are what the issuer's server does
 * instead of authenticating (3DS only); `cancel` is the button that leads back to the shop
 * (hosted, wallet and bank pages only).
 */
export type CardholderAction = 'approve' | 'fail' | 'abandon' | 'cancel' | 'attempt' | 'unavailable';

/** Which page the payer sees. Only `three-ds` is an authentication by the card's issuer. */
export type PageKind = 'three-ds' | 'hosted' | 'wallet' | 'bank' | 'voucher' | 'p2p';

export interface Challenge {
  readonly id: string;
  readonly paymentPspReference: string;
  readonly state: ChallengeState;
  /** True once the payment went on from it. Differs from a closed state only where the merchant must submit the result (Adyen). */
  readonly completed: boolean;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly page: PageKind;
  /** What was agreed before the page was shown. */
  readonly outcome: CardOutcome;
  /** What the issuer's server made of an approved 3DS challenge. */
  readonly approvedAs: 'authenticated' | 'attempted' | 'unavailable';
}

export type IssuerAnswer = { readonly kind: 'approve' } | { readonly kind: 'decline'; readonly reason: DeclineReason };

/** What happens when a card is charged: a dialect derives it from its magic values. */
export interface CardOutcome {
  readonly threeDs: 'none' | 'frictionless' | 'challenge';
  /** The issuer's answer, after the challenge where there is one. */
  readonly issuer: IssuerAnswer;
  /** The payer must act on this page first; set by `threeDs: 'challenge'` to `three-ds`. */
  readonly page?: PageKind;
  /** Only with `frictionless`; default `authenticated`. `failed` and `rejected` decline the payment. */
  readonly frictionlessResult?: 'authenticated' | 'attempted' | 'unavailable' | 'failed' | 'rejected';
  /** Decides the ECI; default `visa`. */
  readonly scheme?: CardScheme;
  /** Default 2.2.0. */
  readonly version?: Authentication['version'];
  /** Claimed by the merchant and honoured by the issuer: recorded where no challenge follows. */
  readonly exemption?: Exemption;
  readonly fate?: Fate;
}

export const APPROVED: CardOutcome = { threeDs: 'none', issuer: { kind: 'approve' } };

/** States that no command leaves, but for a refund that fails late; `captured` moves on to `refunded` only, `declined` only where the PSP lets a merchant confirm again. */
export const FINAL_PAYMENT_STATES: readonly PaymentState[] = ['canceled', 'expired', 'refunded'];
