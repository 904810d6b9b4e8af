/**
 * `Stripe-Signature: t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over `<t>.<raw body>` with the
 * whole `whsec_…` text as the key. The time is the attempt's, so each retry is signed anew.
 *
 * Written from the published scheme and kept apart from any verifying code, so that one
 * mistake cannot cancel itself out.
 */
import { createHmac } from 'node:crypto';

/** The header's value for `body` sent at `nowMs` (milliseconds since the epoch). */
export function stripeSignature(body: string | Buffer, secret: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  const hex = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
  return `t=${seconds},v1=${hex}`;
}
