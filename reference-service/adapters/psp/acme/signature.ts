/**
 * acme's webhook signature: `X-Signature: sha256=<hex>` is the HMAC-SHA256 of
 * `<X-Timestamp>.<raw body>` under the webhook secret; `X-Timestamp` is in unix seconds.
 * The time is signed, so an old delivery cannot be dressed up as a new one.
 */
import { createHmac } from 'node:crypto';
import type { WebhookVerifier } from '../../../ports/psp-adapter.ts';
import { judgeSignedTime, listSecrets, sameBytes, unixSeconds } from '../webhook-checks.ts';

export const acmeWebhookVerifier: WebhookVerifier = {
  verify({ rawBody, headers, credentials, receivedAtMs, toleranceMs }) {
    const time = headers['x-timestamp'];
    const signature = headers['x-signature'];
    if (time === undefined || signature === undefined) return { kind: 'invalid_signature', reason: 'missing' };
    const signedAtSeconds = unixSeconds(time);
    const hex = /^sha256=([0-9a-f]{64})$/.exec(signature)?.[1];
    if (signedAtSeconds === null || hex === undefined) return { kind: 'invalid_signature', reason: 'malformed' };

    const received = Buffer.from(hex, 'hex');
    const fits = listSecrets(credentials['webhookSecret']).some((secret) =>
      sameBytes(createHmac('sha256', secret).update(`${time}.`).update(rawBody).digest(), received),
    );
    return fits
      ? judgeSignedTime({ signedAtSeconds, receivedAtMs, toleranceMs })
      : { kind: 'invalid_signature', reason: 'mismatch' };
  },
};
