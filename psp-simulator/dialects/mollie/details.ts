/**
 * What the dialect keeps with a record beside the neutral facts. Written in one place and read
 * in one place, so that nothing else casts `details`. Never a card number: Mollie's API does not
 * see one.
 */
import type { CardScheme, PaymentRecord, PayoutRecord, RefundRecord } from '../../core/records.ts';

export type SequenceType = 'oneoff' | 'first' | 'recurring';

export interface PaymentDetails {
  description: string;
  metadata: unknown;
  /** Where the merchant wants the classic webhook; null: none is sent. */
  webhookUrl: string | null;
  cancelUrl: string | null;
  locale: string | null;
  /** What the merchant asked for; null leaves the choice to the payer. */
  askedMethod: string | null;
  sequenceType: SequenceType;
  customerId: string | null;
  /** The mandate that it is charged with, or that it leaves. */
  mandateId: string | null;
  scheme: CardScheme;
  wallet: string | null;
  /** Given back as it came: lines, addresses. */
  echo: Record<string, unknown>;
  /** Of captures by hand: what the merchant wrote to them, by capture id. */
  captureNotes: Record<string, { description: string | null; metadata: unknown }>;
}

export interface RefundDetails {
  description: string;
  metadata: unknown;
  /** The merchant withdrew it before it was sent: the books say failed, Mollie says canceled. */
  canceled: boolean;
}

export interface PayoutDetails {
  description: string | null;
  balanceId: string;
}

export function paymentDetails(record: PaymentRecord): PaymentDetails {
  return record.details as unknown as PaymentDetails;
}

export function refundDetails(record: RefundRecord): RefundDetails {
  return record.details as unknown as RefundDetails;
}

export function payoutDetails(record: PayoutRecord): PayoutDetails {
  return record.details as unknown as PayoutDetails;
}

export function asDetails(details: PaymentDetails | RefundDetails | PayoutDetails): Record<string, unknown> {
  return { ...details };
}

/**
 * The merchant's reference: Mollie has no field for it, so it travels in the metadata, as a text
 * or under one of the usual names.
 */
export function referenceIn(metadata: unknown): string | null {
  if (typeof metadata === 'string' && metadata !== '') return metadata;
  if (typeof metadata !== 'object' || metadata === null) return null;
  const fields = metadata as Record<string, unknown>;
  for (const name of ['reference', 'order_id', 'orderId', 'order']) {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}
