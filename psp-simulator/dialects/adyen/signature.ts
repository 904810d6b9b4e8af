/**
 * Adyen's webhook signature: base64 of HMAC-SHA256, keyed by the hex-decoded key, over eight
 * fields of the item joined by `:`. No time is signed and neither are `reason` or
 * `additionalData`: that is the scheme, and a receiver must live with it.
 *
 * Written from the published scheme and kept apart from any verifying code, so that one
 * mistake cannot cancel itself out.
 */
import { createHmac } from 'node:crypto';
import type { SignedMessage, SigningRequest } from '../webhook.ts';
import type { Notification } from './notification.ts';

export interface SignedFields {
  pspReference: string;
  originalReference?: string;
  merchantAccountCode: string;
  merchantReference: string;
  amount: { value: number; currency: string };
  eventCode: string;
  success: 'true' | 'false';
}

/** The value of `additionalData.hmacSignature` for one item; `keyHex` is the 64-digit key. */
export function adyenSignature(item: SignedFields, keyHex: string): string {
  const fields = [
    item.pspReference,
    item.originalReference ?? '',
    item.merchantAccountCode,
    item.merchantReference,
    String(item.amount.value),
    item.amount.currency,
    item.eventCode,
    item.success,
  ];
  return createHmac('sha256', Buffer.from(keyHex, 'hex')).update(fields.join(':')).digest('base64');
}

/** Puts the signature into each item. A body altered on its way keeps the signatures of the true one. */
export function signNotification(request: SigningRequest): SignedMessage {
  const truth = (JSON.parse(request.body) as Notification).notificationItems;
  const sent = JSON.parse(request.sendInstead ?? request.body) as Notification;
  sent.notificationItems.forEach(({ NotificationRequestItem: item }, index) => {
    const signed = truth[index]?.NotificationRequestItem ?? item;
    const signature = request.form === 'malformed' ? 'not-a-signature' : adyenSignature(signed, keyFor(request));
    item.additionalData =
      request.form === 'missing' ? item.additionalData : { ...item.additionalData, hmacSignature: signature };
  });
  return {
    headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Adyen HttpClient 1.0' },
    body: JSON.stringify(sent),
  };
}

function keyFor(request: SigningRequest): string {
  const current = request.credentials['hmacKey'] ?? '';
  if (request.key === 'current') return current;
  if (request.key === 'previous') return request.credentials['previousHmacKey'] ?? reversed(current);
  return '00'.repeat(32);
}

/** A key that is not the current one, of the same form. */
function reversed(key: string): string {
  return [...key].reverse().join('');
}
