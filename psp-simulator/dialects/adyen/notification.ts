/**
 * Adyen's standard webhook as a message: one NotificationRequestItem per call. The item has no
 * id of its own; event code, reference and success together name the event.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import type { WebhookDraft } from '../webhook.ts';
import { paymentDetails } from './details.ts';
import { adyenAmount } from './money.ts';
import type { SignedFields } from './signature.ts';

export interface NotificationItem extends SignedFields {
  additionalData: Record<string, string>;
  eventDate: string;
  operations?: string[];
  paymentMethod: string;
  reason: string;
}

export interface Notification {
  live: string;
  notificationItems: { NotificationRequestItem: NotificationItem }[];
}

export type ItemCore = Pick<NotificationItem, 'eventCode' | 'pspReference' | 'merchantReference' | 'paymentMethod'> &
  Partial<Pick<NotificationItem, 'originalReference' | 'operations' | 'reason' | 'additionalData'>> & {
    success: boolean;
    amountMinor: number;
  };

export function draftOf(
  core: ItemCore,
  claim: WebhookDraft['claim'],
  { psp, atMs }: { psp: PspContext; atMs: number },
): WebhookDraft {
  const { success, amountMinor, ...rest } = core;
  const item: NotificationItem = {
    additionalData: {},
    reason: '',
    ...rest,
    amount: adyenAmount(amountMinor, claim.currency),
    eventDate: adyenTime(atMs),
    merchantAccountCode: psp.credentials['merchantAccount'] ?? '',
    success: success ? 'true' : 'false',
  };
  return {
    eventId: `${item.eventCode}:${item.pspReference}:${item.success}`,
    type: item.eventCode,
    body: JSON.stringify({ live: 'false', notificationItems: [{ NotificationRequestItem: item }] }),
    claim,
  };
}

/** What a modification's event says of a change that the books did not make. */
export interface ModificationNews {
  eventCode: string;
  success: boolean;
  pspReference: string;
  /** Null when there is no such payment. */
  payment: PaymentRecord | null;
  merchantReference: string;
  /** The payment's reference, under which the story is told. */
  key: string | null;
  amountMinor: number;
  reason: string;
}

/** News of a modification that was accepted for processing. The books did not change, so it claims nothing about money. */
export function modificationNews(news: ModificationNews, psp: PspContext): WebhookDraft {
  const { payment, key, eventCode, success, pspReference, merchantReference, amountMinor, reason } = news;
  const core: ItemCore = {
    eventCode,
    pspReference,
    ...(payment === null ? {} : { originalReference: payment.pspReference }),
    merchantReference,
    paymentMethod: payment === null ? '' : paymentDetails(payment).brand,
    amountMinor,
    reason,
    success,
  };
  // Adyen states an amount of zero in some currency where it knows no payment.
  const currency = payment?.currency ?? 'EUR';
  const claim = {
    kind: 'payment',
    state: success ? (payment?.state ?? 'unknown') : 'modification-refused',
    reference: key,
    pspReference,
    amountMinor,
    currency,
  } as const;
  return draftOf(core, claim, { psp, atMs: psp.nowMs() });
}

/** ISO 8601 in seconds with an offset, as Adyen writes it. */
export function adyenTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, '+00:00');
}
