/**
 * Stripe's webhook signature, checked with the SDK's own `constructEvent`. Three things are
 * ours: several secrets (rotation), the time checked in both directions (the SDK accepts any
 * time from the future, and reads `12abc` as 12), and a header reduced to what is well formed
 * (the SDK throws a plain Error for an empty `v1=`).
 */
import Stripe from 'stripe';
import type { WebhookVerifier } from '../../../ports/psp-adapter.ts';
import { parseObject } from '../exchange.ts';
import { judgeSignedTime, listSecrets, unixSeconds } from '../webhook-checks.ts';

/** Effectively "any age": the SDK must not judge the time, `0` would mean the same by accident. */
const ANY_AGE_SECONDS = Number.MAX_SAFE_INTEGER;

export const stripeWebhookVerifier: WebhookVerifier = {
  verify({ rawBody, headers, credentials, receivedAtMs, toleranceMs }) {
    const header = headers['stripe-signature'];
    if (header === undefined) return { kind: 'invalid_signature', reason: 'missing' };
    const parsed = parseHeader(header);
    if (parsed === null) return { kind: 'invalid_signature', reason: 'malformed' };

    const fits = listSecrets(credentials['webhookSecret']).some((secret) =>
      hasSignature({ rawBody, header: parsed.header, secret, receivedAtMs }),
    );
    if (!fits) return { kind: 'invalid_signature', reason: 'mismatch' };
    const verdict = judgeSignedTime({ signedAtSeconds: parsed.signedAtSeconds, receivedAtMs, toleranceMs });
    if (verdict.kind !== 'verified') return verdict;
    return parseObject(rawBody.toString('utf8')) === null
      ? { kind: 'malformed', reason: 'the signed body is not a JSON object' }
      : verdict;
  },
};

function hasSignature(options: { rawBody: Buffer; header: string; secret: string; receivedAtMs: number }): boolean {
  const { rawBody, header, secret, receivedAtMs } = options;
  try {
    return (
      Stripe.webhooks.signature?.verifyHeader(rawBody, header, secret, ANY_AGE_SECONDS, undefined, receivedAtMs) ===
      true
    );
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false;
    throw error;
  }
}

/** The one `t` and every well-formed `v1` (64 hexadecimal digits); other schemes are Stripe's to change. */
function parseHeader(header: string): { signedAtSeconds: number; header: string } | null {
  const items = header.split(',').map((item) => item.trim());
  const times = items.filter((item) => item.startsWith('t='));
  const signatures = items.filter((item) => /^v1=[0-9a-f]{64}$/.test(item));
  const signedAtSeconds = unixSeconds(times[0]?.slice(2));
  if (times.length !== 1 || signedAtSeconds === null || signatures.length === 0) return null;
  return { signedAtSeconds, header: [times[0], ...signatures].join(',') };
}
