/** acme's webhook signature: HMAC-SHA256 over `<timestamp>.<raw body>`, both in headers. */
import { createHmac } from 'node:crypto';
import type { SignedMessage, SigningRequest } from '../webhook.ts';

export function signAcme(request: SigningRequest): SignedMessage {
  const timestamp = String(Math.floor(request.atMs / 1000));
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'acme-webhooks/1',
    'x-timestamp': timestamp,
  };
  if (request.form === 'malformed') headers['x-signature'] = 'sha256=not-a-signature';
  if (request.form === 'signed') {
    const digest = createHmac('sha256', keyOf(request)).update(`${timestamp}.${request.body}`).digest('hex');
    headers['x-signature'] = `sha256=${digest}`;
  }
  return { headers, body: request.sendInstead ?? request.body };
}

function keyOf({ key, credentials }: SigningRequest): string {
  const secret = credentials['webhookSecret'] ?? '';
  if (key === 'wrong') return `not-${secret}`;
  return key === 'previous' ? `previous-${secret}` : secret;
}
