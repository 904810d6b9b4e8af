/**
 * PayPal's webhook signature: RSA with SHA-256 over
 *
 *   <transmission id>|<transmission time>|<webhook id>|<crc32 of the raw body, decimal>
 *
 * in base64, under the certificate that the adapter fetched (`webhookCertificate`). The webhook
 * id is ours: a message that PayPal sent to somebody else does not fit. A CRC is no hash: it
 * says that the body is whole, and the signature covers the CRC only, so a body that was changed
 * to the same CRC would pass. That is PayPal's design, and the reason why a transmission is
 * remembered with its body while its time is valid, and why amounts and ids of an event are
 * compared with what we asked for.
 */
import { verify as verifySignature, X509Certificate } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { WebhookVerifier } from '../../../ports/psp-adapter.ts';
import { parseObject } from '../exchange.ts';
import { judgeSignedTime, listSecrets } from '../webhook-checks.ts';

const ALGORITHM = 'SHA256withRSA';

export const paypalWebhookVerifier: WebhookVerifier = {
  verify({ rawBody, headers, credentials, receivedAtMs, toleranceMs }) {
    const id = headers['paypal-transmission-id'];
    const time = headers['paypal-transmission-time'];
    const signature = headers['paypal-transmission-sig'];
    if (id === undefined || time === undefined || signature === undefined)
      return { kind: 'invalid_signature', reason: 'missing' };
    const signedAtMs = Date.parse(time);
    const isWellFormed = /^[A-Za-z0-9+/]+={0,2}$/.test(signature) && headers['paypal-auth-algo'] === ALGORITHM;
    if (Number.isNaN(signedAtMs) || !isWellFormed) return { kind: 'invalid_signature', reason: 'malformed' };

    const certificate = readCertificate(credentials['webhookCertificate'] ?? '');
    // No certificate of PayPal's: whoever signed it, nobody vouches for the key.
    if (certificate === null || !isValidAt(certificate, receivedAtMs))
      return { kind: 'invalid_signature', reason: 'mismatch' };
    const bytes = Buffer.from(signature, 'base64');
    const fits = listSecrets(credentials['webhookId']).some((webhookId) =>
      verifySignature(
        'RSA-SHA256',
        Buffer.from(`${id}|${time}|${webhookId}|${crc32(rawBody)}`),
        certificate.publicKey,
        bytes,
      ),
    );
    if (!fits) return { kind: 'invalid_signature', reason: 'mismatch' };
    const verdict = judgeSignedTime({ signedAtSeconds: Math.floor(signedAtMs / 1000), receivedAtMs, toleranceMs });
    if (verdict.kind !== 'verified') return verdict;
    return parseObject(rawBody.toString('utf8')) === null
      ? { kind: 'malformed', reason: 'the signed body is not a JSON object' }
      : { kind: 'verified', nonce: `${id}|${time}` };
  },
};

function readCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function isValidAt({ validFrom, validTo }: X509Certificate, atMs: number): boolean {
  return Date.parse(validFrom) <= atMs && atMs <= Date.parse(validTo);
}
