/**
 * What this dialect keeps beside a neutral record: everything that a Stripe object shows and
 * the bank does not know. Stored in `details`, JSON values only.
 *
 * Ids of the parts of a payment are derived from the intent's id (`pi_X` → `ch_X1` for its
 * first attempt), so that a charge finds its intent without an index of its own.
 */
import type { BookRecord, PaymentRecord } from '../../core/records.ts';

export interface IntentDetails {
  metadata: Record<string, string>;
  description: string | null;
  receiptEmail: string | null;
  customer: string | null;
  statementDescriptor: string | null;
  statementDescriptorSuffix: string | null;
  setupFutureUsage: string | null;
  transferGroup: string | null;
  paymentMethodTypes: string[];
  /** Restriction of the types that the account would offer; null when the merchant gave none. */
  allowedTypes: string[] | null;
  /** Null where the merchant listed the types itself. */
  allowRedirects: 'always' | 'never' | null;
  captureMethod: 'automatic' | 'automatic_async' | 'manual';
  confirmationMethod: 'automatic' | 'manual';
  requestThreeDs: 'automatic' | 'any' | 'challenge';
  /** Test payment method, token or number as the merchant gave it. */
  card: string | null;
  /** Number of confirmations so far. */
  attempt: number;
  clientSecret: string;
  cancellationReason: string | null;
}

export interface RefundDetails {
  metadata: Record<string, string>;
  reason: string | null;
  chargeId: string;
}

export interface PayoutDetails {
  metadata: Record<string, string>;
  description: string | null;
  destination: string | null;
  method: 'standard' | 'instant';
  sourceType: string;
  statementDescriptor: string | null;
}

export function intentDetails(record: PaymentRecord): IntentDetails {
  return record.details as unknown as IntentDetails;
}

/** Details as the bank takes them. */
export function asDetails(details: IntentDetails | RefundDetails | PayoutDetails): Record<string, unknown> {
  return { ...details };
}

/** Id of the charge of the intent's latest attempt. */
export function chargeIdOf(record: PaymentRecord): string {
  return `ch_${tail(record.pspReference)}${intentDetails(record).attempt}`;
}

export function paymentMethodIdOf(record: PaymentRecord): string {
  return `pm_${tail(record.pspReference)}${intentDetails(record).attempt}`;
}

export function balanceTransactionIdOf(record: BookRecord): string {
  return `txn_${tail(record.pspReference)}`;
}

/** The intent to which a charge id belongs: the id without its prefix and attempt number. */
export function intentIdOfCharge(chargeId: string): string {
  return `pi_${chargeId.slice(3, 3 + ID_TAIL_LENGTH)}`;
}

/** Ids are a prefix, an underscore and 22 characters of base 62. */
const ID_TAIL_LENGTH = 22;

function tail(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}

/** Seconds since the epoch, as Stripe writes every time. */
export function seconds(epochMs: number): number {
  return Math.floor(epochMs / 1000);
}
