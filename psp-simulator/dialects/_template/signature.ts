/** The signature of a webhook: `t=<unix seconds>,v1=<hex>`, HMAC-SHA256 of `<t>.<raw body>` under the webhook secret. */
import { createHmac } from 'node:crypto';
import type { SignedMessage, SigningRequest } from '../webhook.ts';

export function signExampleBank(request: SigningRequest): SignedMessage {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'example-bank-webhooks/1',
  };
  const seconds = Math.floor(request.atMs / 1_000);
  if (request.form === 'malformed') headers['x-signature'] = 'not-a-signature';
  if (request.form === 'signed') {
    const digest = createHmac('sha256', secretFor(request)).update(`${seconds}.${request.body}`).digest('hex');
    headers['x-signature'] = `t=${seconds},v1=${digest}`;
  }
  return { headers, body: request.sendInstead ?? request.body };
}

function secretFor({ key, credentials }: SigningRequest): string {
  const secret = credentials['webhookSecret'] ?? '';
  return key === 'current' ? secret : `${key}-${secret}`;
}
