/**
 * What we ask of a PSP and what it may answer, in neutral words: payments, captures, refunds,
 * payouts. An answer is a report of what the PSP says or a failure that says whether the request
 * may have arrived; there is no third kind, and no state that is guessed.
 */
import type { PaymentMethod } from '../domain/deposit.ts';

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
  /** ISO 3166; absent or null when unknown. */
  country?: string | null;
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
