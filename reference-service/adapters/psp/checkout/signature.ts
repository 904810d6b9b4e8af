/**
 * Checkout.com's webhook signature: `Cko-Signature` is the lower-case hex of HMAC-SHA256 over the
 * raw body, under the key of the workflow. No time is signed, so an old message cannot be told
 * from a fresh one: the inbox, which takes an event id once, is what stops a replay.
 */
import { createHmac } from 'node:crypto';
import type { WebhookVerifier } from '../../../ports/psp-adapter.ts';
import { parseObject } from '../exchange.ts';
import { listSecrets, sameBytes } from '../webhook-checks.ts';

export const checkoutWebhookVerifier: WebhookVerifier = {
  verify({ rawBody, headers, credentials }) {
    const signature = headers['cko-signature'];
    if (signature === undefined) return { kind: 'invalid_signature', reason: 'missing' };
    if (!/^[0-9a-f]{64}$/.test(signature)) return { kind: 'invalid_signature', reason: 'malformed' };
    const received = Buffer.from(signature, 'hex');
    const fits = listSecrets(credentials['webhookKey']).some((key) =>
      sameBytes(createHmac('sha256', key).update(rawBody).digest(), received),
    );
    if (!fits) return { kind: 'invalid_signature', reason: 'mismatch' };
    return parseObject(rawBody.toString('utf8')) === null
      ? { kind: 'malformed', reason: 'the signed body is not a JSON object' }
      : { kind: 'verified' };
  },
};
