/**
 * What this dialect keeps beside a neutral record: everything that an Adyen answer or webhook
 * shows and the bank does not know. Stored in `details`, JSON values only.
 */
import { createHash } from 'node:crypto';
import type { PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import type { Refusal } from './magic.ts';

/** How the merchant asked for the end of a payment; the webhook answers in the same words. */
export type CancelWord = 'cancel' | 'technical' | 'reversal';

export interface AdyenPaymentDetails {
  /** Payment method variant: `visa`, `mc`, … */
  brand: string;
  /** Last four digits. */
  cardSummary: string;
  expiry: string;
  metadata: Record<string, string>;
  /** What Adyen says when the issuer refuses; null for a card that is approved. */
  refusal: Refusal | null;
  capture?: { pspReference: string; reference: string | null };
  cancel?: { pspReference: string; reference: string | null; word: CancelWord };
}

export interface AdyenRefundDetails {
  brand: string;
  word: 'refund' | 'reversal';
  /** Reference of the payment, for refunds that were given none of their own. */
  paymentReference: string | null;
}

export interface AdyenPayoutDetails {
  brand: string;
}

export function paymentDetails(record: PaymentRecord): AdyenPaymentDetails {
  return record.details as unknown as AdyenPaymentDetails;
}

/** Details as the bank takes them. */
export function asDetails(
  details: AdyenPaymentDetails | AdyenRefundDetails | AdyenPayoutDetails,
): Record<string, unknown> {
  return { ...details };
}

/** A PSP reference as Adyen writes them: 16 capitals and digits, derived from a fresh id. */
export function pspReferenceFrom(id: string): string {
  const digest = createHash('sha256').update(id).digest('hex');
  return BigInt(`0x${digest}`).toString(36).toUpperCase().slice(-16);
}

export function newPspReference(psp: PspContext): string {
  return pspReferenceFrom(psp.ids.next('adyen'));
}

/** What the browser brings back from a challenge: opaque to the merchant, and not to be guessed from anything it knows. */
export function redirectResultOf(challengeId: string, psp: PspContext): string {
  return `${challengeId}!${psp.random.hex(24, 'adyen-redirect-result', challengeId)}`;
}

/** The challenge that a redirectResult belongs to; undefined when it was not made by this PSP. */
export function challengeIdIn(redirectResult: string, psp: PspContext): string | undefined {
  const challengeId = redirectResult.split('!')[0] ?? '';
  return redirectResult === redirectResultOf(challengeId, psp) ? challengeId : undefined;
}
