/**
 * Detached JWS over an HTTP request, in both directions. The signature covers what is on the
 * wire, so neither side has to put JSON into a canonical form:
 *
 *   POST /v3/payments\n
 *   Idempotency-Key: 6194…\n        (the headers that `tl_headers` names, in that order)
 *   {"amount_in_minor":100,…}       (the raw body)
 *
 * Header value: base64url(JOSE header) + '..' + base64url(signature in IEEE P1363 form).
 */
import { sign, verify } from 'node:crypto';
import { PspProblem } from '../../core/problem.ts';
import type { PspContext, PspRequest } from '../dialect.ts';
import type { SignedMessage, SigningRequest } from '../webhook.ts';
import { testKey } from './keys.ts';
import type { Algorithm, TestKey } from './keys.ts';

export const SIGNATURE_HEADER = 'tl-signature';
const TIME_HEADER = 'X-Tl-Webhook-Timestamp';
const HASHES: Readonly<Record<Algorithm, string>> = { ES512: 'sha512', ES256: 'sha256' };

export interface SignedParts {
  readonly method: string;
  readonly path: string;
  /** In the order and spelling of `tl_headers`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Buffer;
}

/** `<header>..<signature>`. */
export function detachedJws(parts: SignedParts, key: TestKey, more: Readonly<Record<string, string>> = {}): string {
  const header = encode(
    JSON.stringify({
      alg: key.algorithm,
      kid: key.kid,
      tl_version: '2',
      tl_headers: parts.headers.map(([name]) => name).join(','),
      ...more,
    }),
  );
  const input = Buffer.from(`${header}.${encode(payloadOf(parts))}`);
  const signature = sign(HASHES[key.algorithm], input, { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${header}..${signature.toString('base64url')}`;
}

/** The keys that a merchant signs with: one per algorithm, both registered from the start. */
export function merchantKeys(clientId: string): TestKey[] {
  return [testKey(`merchant of ${clientId}`, 'ES512'), testKey(`merchant of ${clientId}`, 'ES256')];
}

/** The simulator's own keys, newest first: what the JWKS shows. */
export function webhookKeys(clientId: string): [current: TestKey, previous: TestKey] {
  return [testKey(`webhooks of ${clientId}`), testKey(`webhooks of ${clientId} before the last rotation`)];
}

/** Throws `PspProblem('unauthorized')` with the reason when the request is not signed by the merchant. */
export function checkSignature(request: PspRequest, psp: PspContext): void {
  const [encoded = '', middle, signature = ''] = (request.headers[SIGNATURE_HEADER] ?? '').split('.');
  if (encoded === '') throw invalid('the header Tl-Signature is missing');
  if (middle !== '' || signature === '') throw invalid('it is not a JWS with detached content');
  const header = readHeader(encoded);
  const key = merchantKeys(psp.credentials['clientId'] ?? '').find(({ kid }) => kid === header['kid']);
  if (key === undefined) throw invalid('the kid is not registered');
  if (header['alg'] !== key.algorithm) throw invalid(`this key signs with ${key.algorithm}`);
  if (header['tl_version'] !== '2') throw invalid('tl_version must be "2"');
  const names = String(header['tl_headers'] ?? '').split(',');
  if (!names.some((name) => name.toLowerCase() === 'idempotency-key'))
    throw invalid('tl_headers must name Idempotency-Key');
  const headers = names
    .filter((name) => name !== '')
    .map((name) => [name, request.headers[name.toLowerCase()] ?? ''] as const);
  // Clients disagree about a slash at the end; the one that was sent and the one without it are the same path.
  const paths = new Set([request.path, request.path.replace(/\/+$/, '')]);
  const valid = [...paths].some((path) => {
    const payload = payloadOf({ method: request.method, path, headers, body: request.rawBody });
    const input = Buffer.from(`${encoded}.${encode(payload)}`);
    const publicKey = { key: key.publicKey, dsaEncoding: 'ieee-p1363' } as const;
    return verify(HASHES[key.algorithm], input, publicKey, Buffer.from(signature, 'base64url'));
  });
  if (!valid) throw invalid('it does not fit the method, path, headers and body that arrived');
}

/** A webhook, signed over its path, the time of the try and the body. */
export function signWebhook(request: SigningRequest): SignedMessage {
  const timestamp = new Date(request.atMs).toISOString();
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'open-banking-webhooks/1',
    [TIME_HEADER.toLowerCase()]: timestamp,
  };
  if (request.form === 'malformed') headers[SIGNATURE_HEADER] = 'not-a-signature';
  if (request.form === 'signed') {
    const path = request.targetUrl === undefined ? '/' : new URL(request.targetUrl).pathname;
    const parts = { method: 'POST', path, headers: [[TIME_HEADER, timestamp] as const], body: request.body };
    const jku = `${request.pspUrl ?? ''}/.well-known/jwks`;
    headers[SIGNATURE_HEADER] = detachedJws(parts, webhookKey(request), { jku });
  }
  return { headers, body: request.sendInstead ?? request.body };
}

function webhookKey({ key, credentials }: SigningRequest): TestKey {
  const clientId = credentials['clientId'] ?? '';
  const [current, previous] = webhookKeys(clientId);
  if (key === 'wrong') return testKey(`never published by ${clientId}`);
  return key === 'previous' ? previous : current;
}

function payloadOf({ method, path, headers, body }: SignedParts): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\n`).join('');
  return Buffer.concat([Buffer.from(`${method.toUpperCase()} ${path}\n${lines}`), Buffer.from(body)]);
}

function readHeader(encoded: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
  } catch {
    // Said below: what cannot be read and what is no object are the same to the sender.
  }
  throw invalid('its header is not JSON');
}

function encode(content: string | Buffer): string {
  return Buffer.from(content).toString('base64url');
}

function invalid(why: string): PspProblem {
  return new PspProblem('unauthorized', `Invalid request signature: ${why}.`);
}
