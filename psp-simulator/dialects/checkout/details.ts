/**
 * What this dialect keeps beside a neutral record: everything that an answer or event of
 * Checkout.com shows and the bank does not know. JSON values only, and never a card number or
 * CVV: of a card only what a receipt may show, and a fingerprint that is keyed by a secret.
 */
import type { DisputeRecord, PaymentRecord, PayoutRecord, RefundRecord } from '../../core/records.ts';

export interface CardView {
  /** `src_…` once it is a stored instrument, else an id of its own. */
  id: string;
  expiryMonth: number;
  expiryYear: number;
  name: string | null;
  /** `Visa`, `Mastercard`, `American Express`. */
  scheme: string;
  last4: string;
  bin: string;
  fingerprint: string;
}

/** How the merchant asked for authentication. */
export interface ThreeDsWish {
  enabled: boolean;
  attemptN3d: boolean;
  challengeIndicator: string;
  /** In Checkout.com's word, null without a claim. */
  exemption: string | null;
  merchantInitiated: boolean;
}

/** An action that the merchant asked for, by its id. */
export interface ActionNote {
  reference: string | null;
}

export interface CheckoutPaymentDetails {
  /** Null until the payer has chosen a card on a hosted page. */
  card: CardView | null;
  customerId: string | null;
  paymentType: string;
  description: string | null;
  metadata: Record<string, unknown>;
  processingChannelId: string | null;
  /** The response code that the test card asks for; null for a card that is approved. */
  declineCode: string | null;
  threeDs: ThreeDsWish;
  successUrl: string | null;
  failureUrl: string | null;
  cancelUrl: string | null;
  /** True: paid for on a hosted page; there is no payment before the payer acted there. */
  hosted: boolean;
  captures: Record<string, ActionNote>;
  void: (ActionNote & { id: string }) | null;
}

export interface CheckoutRefundDetails {
  metadata: Record<string, unknown>;
}

export interface CheckoutPayoutDetails {
  sourceId: string;
  destination: Record<string, unknown>;
  metadata: Record<string, unknown>;
  declineCode: string | null;
}

export interface CheckoutDisputeDetails {
  evidence: Record<string, string>;
  accepted: boolean;
}

export function paymentDetails(record: PaymentRecord): CheckoutPaymentDetails {
  return record.details as unknown as CheckoutPaymentDetails;
}

export function refundDetails(record: RefundRecord): CheckoutRefundDetails {
  return record.details as unknown as CheckoutRefundDetails;
}

export function payoutDetails(record: PayoutRecord): CheckoutPayoutDetails {
  return record.details as unknown as CheckoutPayoutDetails;
}

export function disputeDetails(record: DisputeRecord): CheckoutDisputeDetails {
  return record.details as unknown as CheckoutDisputeDetails;
}

/** Details as the bank takes them. */
export function asDetails(
  details: CheckoutPaymentDetails | CheckoutRefundDetails | CheckoutPayoutDetails | CheckoutDisputeDetails,
): Record<string, unknown> {
  return { ...details };
}

/** A hosted page that nobody has paid on is no payment yet: neither lists nor queries know it. */
export function isPayment(record: PaymentRecord): boolean {
  if (!paymentDetails(record).hosted) return true;
  return (
    record.state !== 'requires_action' && record.state !== 'canceled' && record.declineReason !== 'challenge_expired'
  );
}

export function wasAuthorized(record: PaymentRecord): boolean {
  return (
    record.state === 'authorized' ||
    record.capturedMinor > 0 ||
    record.steps.some((step) => step.state === 'authorized')
  );
}
