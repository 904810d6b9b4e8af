/**
 * A book change: one fact that became true at a PSP, with a snapshot of the record after it.
 * The engine writes it to the history, and the dialect turns it into the webhook events that
 * its PSP would send. A change is immutable; faults that lie about it make an altered copy.
 */
import type { DisputeRecord, PaymentRecord, PayoutRecord, RefundRecord } from './records.ts';

export type PaymentChangeType =
  | 'payment-created'
  | 'payment-requires-action'
  | 'payment-authorized'
  | 'payment-captured'
  | 'payment-declined'
  | 'payment-canceled'
  | 'payment-expired'
  /** The payment's refunded amount grew; comes right after `refund-succeeded`. */
  | 'payment-refunded'
  /** The payer approved on the page and the merchant has yet to act; only with `tellsApproval`. The state is unchanged. */
  | 'payment-approved'
  /** What was authorized and not captured is free again, after at least one capture. */
  | 'payment-released'
  /** A refund failed late: the payment's refunded amount shrank; comes right after `refund-failed`. */
  | 'payment-refund-returned';

export type RefundChangeType = 'refund-created' | 'refund-succeeded' | 'refund-failed';
export type PayoutChangeType =
  'payout-created' | 'payout-paid' | 'payout-failed' | 'payout-canceled' | 'payout-returned';
export type DisputeChangeType =
  'dispute-opened' | 'dispute-evidence' | 'dispute-won' | 'dispute-lost' | 'dispute-reversed';

interface BaseChange {
  /** Position in this PSP's books, from 0 without gaps. */
  readonly index: number;
  readonly atMs: number;
  /** What this change moved, in minor units: the captured or refunded part, 0 when nothing moved. */
  readonly movedMinor: number;
}

export interface PaymentChange extends BaseChange {
  readonly type: PaymentChangeType;
  readonly record: PaymentRecord;
}

export interface RefundChange extends BaseChange {
  readonly type: RefundChangeType;
  readonly record: RefundRecord;
  /** The refunded payment as it is after this change. */
  readonly payment: PaymentRecord;
}

export interface PayoutChange extends BaseChange {
  readonly type: PayoutChangeType;
  readonly record: PayoutRecord;
}

export interface DisputeChange extends BaseChange {
  readonly type: DisputeChangeType;
  readonly record: DisputeRecord;
  /** The disputed payment as it is after this change. */
  readonly payment: PaymentRecord;
}

export type BookChange = PaymentChange | RefundChange | PayoutChange | DisputeChange;
export type BookChangeType = BookChange['type'];
