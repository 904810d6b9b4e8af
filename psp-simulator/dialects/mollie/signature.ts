/**
 * Mollie's two kinds of webhooks on the wire. The classic one is a form with nothing but an id
 * (`id=tr_…`) and carries no signature at all: the merchant asks the API what is true. The
 * next-generation one is JSON with `X-Mollie-Signature: sha256=<hex>`, an HMAC-SHA256 over the
 * raw body; no time is signed.
 *
 * Written from the published scheme and kept apart from any verifying code, so that one
 * mistake cannot cancel itself out.
 */
import { createHmac } from 'node:crypto';
import type { SignedMessage, SigningRequest } from '../webhook.ts';

const USER_AGENT = 'Mollie HTTP client/1.0';

/** The header's value for `body`. */
export function mollieSignature(body: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export function classicBody(paymentId: string): string {
  return `id=${encodeURIComponent(paymentId)}`;
}

export function signMollie(request: SigningRequest): SignedMessage {
  const body = request.sendInstead ?? request.body;
  if (!request.body.startsWith('{')) {
    return { headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': USER_AGENT }, body };
  }
  const headers: Record<string, string> = { 'content-type': 'application/json', 'user-agent': USER_AGENT };
  if (request.form === 'signed') headers['x-mollie-signature'] = mollieSignature(request.body, secretFor(request));
  if (request.form === 'malformed') headers['x-mollie-signature'] = 'sha256=not-a-signature';
  return { headers, body };
}

function secretFor(request: SigningRequest): string {
  const current = request.credentials['webhookSecret'] ?? '';
  if (request.key === 'current') return current;
  if (request.key === 'previous') return request.credentials['previousWebhookSecret'] ?? `${current}_previous`;
  return 'a secret that was never given to anybody';
}
