/**
 * Mollie's two kinds of webhooks. The next-generation one is JSON with
 * `X-Mollie-Signature: sha256=<hex>`, the HMAC-SHA256 of the raw body under the webhook's secret;
 * several are sent while a secret is being rotated. The classic one is the form `id=tr_…` without
 * any signature: it is let through as what it is, a hint that anybody may have written.
 */
import { createHmac } from 'node:crypto';
import type { WebhookVerdict, WebhookVerifier } from '../../../ports/psp-adapter.ts';
import { listSecrets, sameBytes } from '../webhook-checks.ts';
import { classicId } from './events.ts';

export const mollieWebhookVerifier: WebhookVerifier = {
  verify({ rawBody, headers, credentials }) {
    const header = headers['x-mollie-signature'];
    if (header === undefined) {
      const isHint = classicId(rawBody) !== null && !wantsSignedOnly(credentials);
      return isHint ? { kind: 'unsigned' } : { kind: 'invalid_signature', reason: 'missing' };
    }
    const received = header.split(',').map((one) => /^sha256=([0-9a-f]{64})$/.exec(one.trim())?.[1]);
    const signatures = received.filter((hex) => hex !== undefined);
    if (signatures.length !== received.length) return { kind: 'invalid_signature', reason: 'malformed' };
    return judge(rawBody, signatures, listSecrets(credentials['webhookSecret']));
  },
};

/** Who has subscribed to signed events may do without the others: they are then neither asked for nor taken. */
export function wantsSignedOnly(credentials: Record<string, string>): boolean {
  return credentials['signedWebhooksOnly'] === 'true';
}

function judge(rawBody: Buffer, signatures: readonly string[], secrets: readonly string[]): WebhookVerdict {
  const fits = secrets.some((secret) => {
    const expected = createHmac('sha256', secret).update(rawBody).digest();
    return signatures.some((hex) => sameBytes(expected, Buffer.from(hex, 'hex')));
  });
  return fits ? { kind: 'verified' } : { kind: 'invalid_signature', reason: 'mismatch' };
}
