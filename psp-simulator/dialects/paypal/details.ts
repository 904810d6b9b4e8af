/**
 * What this dialect keeps beside a neutral record: everything that a PayPal object shows and
 * the bank does not know. Stored in `details`, JSON values only. Of a card only what a receipt
 * may show is kept, never its number or security code.
 */
import type { CardOutcome, DisputeRecord, PaymentRecord, PayoutRecord, RefundRecord } from '../../core/records.ts';
import type { CardMagic } from './magic.ts';

export interface CardSource {
  kind: 'card';
  brand: string;
  lastDigits: string;
  /** `2030-01`. */
  expiry: string | null;
  name: string | null;
}

export interface WalletSource {
  kind: 'paypal';
  email: string | null;
}

export type Source = CardSource | WalletSource;

export interface OrderDetails {
  intent: 'CAPTURE' | 'AUTHORIZE';
  referenceId: string;
  customId: string | null;
  invoiceId: string | null;
  description: string | null;
  softDescriptor: string | null;
  cancelUrl: string | null;
  /** Null while the merchant named none. */
  source: Source | null;
  /** How often it was sent to be paid. */
  attempt: number;
  /** A card that was confirmed and needs no payer action: charged by the merchant's next call. */
  pending: CardOutcome | null;
  /** Save the source when it has paid: for which customer, and where it went. */
  vault: { customer: string | null; token: string | null } | null;
  /** What the source does, to be saved with it. */
  magic: CardMagic | null;
  /** Invoice numbers that captures were given of their own, by capture id. */
  captureInvoices: Record<string, string>;
}

export interface RefundDetails {
  captureId: string;
  invoiceId: string | null;
  customId: string | null;
  note: string | null;
  /** Not final at once: announced as pending. */
  slow: boolean;
}

export interface PayoutDetails {
  batchId: string;
  /** Position in the batch, from 0. */
  position: number;
  senderBatchId: string | null;
  senderItemId: string | null;
  emailSubject: string | null;
  recipientType: string;
  receiver: string;
  note: string | null;
  /** The receiver has no account yet: the merchant may take the money back. */
  unclaimed: boolean;
}

export interface DisputeDetails {
  captureId: string;
  evidence: readonly { type: string; note: string | null }[];
  accepted: boolean;
  messages: readonly string[];
}

/** What a saved payment method needs beside the neutral fields. */
export interface MethodDetails {
  /** A setup token is on its way to become a payment token. */
  kind: 'payment-token' | 'setup-token';
  source: Source;
  magic: CardMagic;
}

export function orderDetails(record: PaymentRecord): OrderDetails {
  return record.details as unknown as OrderDetails;
}

export function refundDetails(record: RefundRecord): RefundDetails {
  return record.details as unknown as RefundDetails;
}

export function payoutDetails(record: PayoutRecord): PayoutDetails {
  return record.details as unknown as PayoutDetails;
}

export function disputeDetails(record: DisputeRecord): DisputeDetails {
  return record.details as unknown as DisputeDetails;
}

/** Details as the bank takes them. */
export function asDetails(
  details: Partial<OrderDetails> | RefundDetails | PayoutDetails | Partial<DisputeDetails> | MethodDetails,
): Record<string, unknown> {
  return { ...details };
}
