/**
 * The provider's webhook signature: a detached JWS over path, time and raw body with one of the
 * keys that it publishes. The keys come as `webhookJwks` (a JSON Web Key Set), configured or
 * fetched by the adapter; the address that the message itself names (`jku`) is never followed. The
 * time must be among what is signed, so that an old delivery cannot be dressed up as a new one.
 */
import type { WebhookVerifier } from '../../../ports/psp-adapter.ts';
import { parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { objectsOf, textOf } from '../fields.ts';
import { judgeSignedTime } from '../webhook-checks.ts';
import { readSignature, signatureFits } from './jws.ts';

export const SIGNATURE_HEADER = 'tl-signature';
const TIME_HEADER = 'x-tl-webhook-timestamp';

export const bankWebhookVerifier: WebhookVerifier = {
  verify({ rawBody, headers, path, credentials, receivedAtMs, toleranceMs }) {
    const header = headers[SIGNATURE_HEADER];
    const time = headers[TIME_HEADER];
    if (header === undefined || time === undefined) return { kind: 'invalid_signature', reason: 'missing' };
    const signature = readSignature(header);
    const signedAtMs = Date.parse(time);
    const signsTime = signature?.headerNames.some((name) => name.toLowerCase() === TIME_HEADER) === true;
    if (signature === null || Number.isNaN(signedAtMs) || !signsTime)
      return { kind: 'invalid_signature', reason: 'malformed' };
    const request = {
      method: 'POST',
      // Behind a proxy that rewrites paths, what was signed is another one than what arrived.
      path: credentials['webhookPath'] ?? path ?? '/',
      headers: signature.headerNames.map((name) => [name, headers[name.toLowerCase()] ?? ''] as const),
      body: rawBody,
    };
    const fits = webKeys(credentials['webhookJwks']).some(
      (jwk) => textOf(jwk, 'kid') === signature.kid && signatureFits(signature, request, jwk),
    );
    return fits
      ? judgeSignedTime({ signedAtSeconds: signedAtMs / 1000, receivedAtMs, toleranceMs })
      : { kind: 'invalid_signature', reason: 'mismatch' };
  },
};

/** The keys of a JSON Web Key Set; none when it is not one. */
export function webKeys(text: string | undefined): JsonObject[] {
  return objectsOf(parseObject(text ?? ''), 'keys') ?? [];
}
