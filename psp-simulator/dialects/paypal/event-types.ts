/**
 * Every event type that this dialect sends, and the change of the books that makes it. What a
 * profile's `webhookEvents` may name; `*` and no list at all mean all of them.
 */
import type { BookChangeType } from '../../core/book-change.ts';

export const EVENT_TYPES = {
  'CHECKOUT.ORDER.APPROVED': 'payment-approved',
  'PAYMENT.AUTHORIZATION.CREATED': 'payment-authorized',
  'PAYMENT.AUTHORIZATION.VOIDED': 'payment-canceled',
  'PAYMENT.CAPTURE.COMPLETED': 'payment-captured',
  'PAYMENT.CAPTURE.DECLINED': 'payment-declined',
  'PAYMENT.CAPTURE.REFUNDED': 'refund-succeeded',
  'PAYMENT.CAPTURE.REVERSED': 'dispute-lost',
  'PAYMENT.REFUND.PENDING': 'refund-created',
  'PAYMENT.REFUND.FAILED': 'refund-failed',
  'PAYMENT.PAYOUTSBATCH.PROCESSING': 'payout-created',
  'PAYMENT.PAYOUTSBATCH.SUCCESS': 'payout-paid',
  'PAYMENT.PAYOUTS-ITEM.SUCCEEDED': 'payout-paid',
  'PAYMENT.PAYOUTS-ITEM.FAILED': 'payout-failed',
  'PAYMENT.PAYOUTS-ITEM.CANCELED': 'payout-canceled',
  'PAYMENT.PAYOUTS-ITEM.RETURNED': 'payout-returned',
  'CUSTOMER.DISPUTE.CREATED': 'dispute-opened',
  'CUSTOMER.DISPUTE.UPDATED': 'dispute-evidence',
  'CUSTOMER.DISPUTE.RESOLVED': 'dispute-won',
} as const satisfies Readonly<Record<string, BookChangeType>>;

export type EventType = keyof typeof EVENT_TYPES;

export function isEventType(text: string): text is EventType {
  return Object.hasOwn(EVENT_TYPES, text);
}
