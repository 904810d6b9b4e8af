/**
 * `Cko-Signature`: lower-case hex of HMAC-SHA256 over the raw body, keyed by the text that the
 * merchant configured on the workflow action. No time is signed: an old message cannot be told
 * from a fresh one, and a receiver must live with it.
 *
 * Written from the published scheme and kept apart from any verifying code, so that one
 * mistake cannot cancel itself out.
 */
import { createHmac } from 'node:crypto';
import type { SignedMessage, SigningRequest } from '../webhook.ts';

/** The header's value for `body`. */
export function checkoutSignature(body: string, key: string): string {
  return createHmac('sha256', key).update(body, 'utf8').digest('hex');
}

export function signWebhook(request: SigningRequest): SignedMessage {
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Checkout.com-Workflows/1.0',
    authorization: request.credentials['webhookAuthorization'] ?? '',
  };
  if (request.form === 'signed') headers['cko-signature'] = checkoutSignature(request.body, keyFor(request));
  if (request.form === 'malformed') headers['cko-signature'] = 'not-a-signature';
  return { headers, body: request.sendInstead ?? request.body };
}

function keyFor(request: SigningRequest): string {
  const current = request.credentials['webhookKey'] ?? '';
  if (request.key === 'current') return current;
  if (request.key === 'previous') return request.credentials['previousWebhookKey'] ?? `${current}-previous`;
  return 'a-key-never-given-to-anybody';
}
