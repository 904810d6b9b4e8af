/**
 * Adyen's webhook signature: base64 of HMAC-SHA256, keyed by the hex-decoded key, over eight
 * fields of the item joined by `:`. No time is signed and neither are `reason` or
 * `additionalData`: that is the scheme, and a receiver must live with it.
 *
 * Written from the published scheme and kept apart from any verifying code, so that one
 * mistake cannot cancel itself out.
 */
import { createHmac } from 'node:crypto';

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
