/**
 * What this dialect keeps beside a neutral record: everything that an Adyen answer or webhook
 * shows and the bank does not know. Stored in `details`, JSON values only, never a card number.
 */
import { createHash } from 'node:crypto';
import type { CardOutcome, DisputeRecord, PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import type { Refusal } from './refusals.ts';

/** How the merchant asked for the end of a payment; the webhook answers in the same words. */
export type CancelWord = 'cancel' | 'technical' | 'reversal';

/** What a merchant may see of a card. */
export interface CardDetails {
  /** Payment method variant: `visa`, `mc`, … */
  brand: string;
  /** Last four digits. */
  cardSummary: string;
  expiry: string;
  /** Name of the test card, see magic.ts. */
  card: string;
  /** Null when the merchant sent none. */
  holderName: string | null;
}

/** The shopper's consent to store the card, and the token that it gets when the payment is authorized. */
export interface StoreWish {
  token: string;
  shopperReference: string;
  model: string;
  /** Stored only when the shopper was authenticated by a challenge. */
  onlyAfterChallenge?: true;
}

export interface AdyenPaymentDetails extends CardDetails {
  metadata: Record<string, string>;
  /** What Adyen says when the issuer refuses; null for a card that is approved. */
  refusal: Refusal | null;
  shopperReference: string | null;
  /** `CardOnFile`, `Subscription`, `UnscheduledCardOnFile`, or null. */
  recurringModel: string | null;
  /** Word of the exemption that the merchant claimed, or null. */
  scaExemption: string | null;
  store?: StoreWish;
  /** Native 3DS2: authenticated in the merchant's own app; the outcome waits for the fingerprint. */
  native?: { outcome: CardOutcome };
  /** Made by /sessions: what the merchant wished, until the shopper pays. */
  session?: { id: string; authenticate: boolean; store: boolean };
  /** References of the merchant's own, by PSP reference of the capture. */
  captures?: Record<string, string | null>;
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

export interface AdyenDisputeDetails {
  brand: string;
  reasonCode: string;
  accepted: boolean;
  /** Adyen answered for the merchant. */
  autoDefended: boolean;
  /** Types of the documents that were supplied; what stands in them is not kept. */
  documents: string[];
}

export function paymentDetails(record: PaymentRecord): AdyenPaymentDetails {
  return record.details as unknown as AdyenPaymentDetails;
}

export function disputeDetails(record: DisputeRecord): AdyenDisputeDetails {
  return record.details as unknown as AdyenDisputeDetails;
}

/** Details as the bank takes them. */
export function asDetails(
  details: AdyenPaymentDetails | AdyenRefundDetails | AdyenPayoutDetails | AdyenDisputeDetails | CardDetails,
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

/** Something that only this PSP can have said about `id`: opaque to the merchant, and not to be guessed from anything it knows. */
export function sealed(purpose: string, id: string, psp: PspContext): string {
  return `${id}!${psp.random.hex(24, purpose, id)}`;
}

/** The id in a sealed text; undefined when it was not made by this PSP for this purpose. */
export function unsealed(purpose: string, text: string, psp: PspContext): string | undefined {
  const id = text.split('!')[0] ?? '';
  return text === sealed(purpose, id, psp) ? id : undefined;
}

/** What the browser brings back from a challenge. */
export function redirectResultOf(challengeId: string, psp: PspContext): string {
  return sealed('adyen-redirect-result', challengeId, psp);
}

/** The challenge that a redirectResult belongs to. */
export function challengeIdIn(redirectResult: string, psp: PspContext): string | undefined {
  return unsealed('adyen-redirect-result', redirectResult, psp);
}
