/**
 * What this dialect remembers of a record beside the books: how the payment was asked for and
 * how far its authorization flow is. No account number is kept, only its last four characters.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { Fields } from './fields.ts';

/** Steps before the redirect to the bank. */
export type FlowStep = 'provider_selection' | 'consent';

export interface PaymentDetails {
  readonly userId: string;
  /** As it was sent, without names and accounts of people. */
  readonly paymentMethod: Fields;
  /** `external_account`: the money never passes through the merchant account, so it is never settled nor refunded. */
  readonly beneficiary: 'merchant_account' | 'external_account';
  readonly providerId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Null until the flow was started. */
  readonly flow: { readonly steps: readonly FlowStep[]; readonly returnUri: string } | null;
}

export function detailsOf(payment: PaymentRecord): PaymentDetails {
  return payment.details as unknown as PaymentDetails;
}

/** A record's details as the books carry them. */
export function asDetails(details: object): Record<string, unknown> {
  return { ...details };
}
