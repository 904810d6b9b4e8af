/**
 * Detached JWS over an HTTP request, as TrueLayer signs in both directions (`Tl-Signature`):
 *
 *   base64url(JOSE header) + '..' + base64url(signature, r and s side by side)
 *
 * The signed content is the method and path, the headers that `tl_headers` names in that order and
 * spelling, and the raw body. Synchronous cryptography only. Who may sign is not decided here.
 */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { textOf } from '../fields.ts';

/** The two algorithms of the scheme, by the curve of the key. */
const ALGORITHMS: Readonly<Record<string, { alg: string; hash: string }>> = {
  secp521r1: { alg: 'ES512', hash: 'sha512' },
  prime256v1: { alg: 'ES256', hash: 'sha256' },
};

export interface SignedRequest {
  method: string;
  path: string;
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer | string;
}

export interface SigningKey {
  kid: string;
  key: KeyObject;
}

/** @throws Error when the text is no private key of one of the two curves */
export function signingKey(kid: string, pem: string): SigningKey {
  const key = createPrivateKey(pem);
  algorithmOf(key);
  return { kid, key };
}

function algorithmOf(key: KeyObject): { alg: string; hash: string } {
  const algorithm = ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (algorithm === undefined) throw new Error('the key is none of the curves P-521 and P-256');
  return algorithm;
}

export function signRequest(request: SignedRequest, { kid, key }: SigningKey): string {
  const { alg, hash } = algorithmOf(key);
  const names = request.headers.map(([name]) => name).join(',');
  const header = encode(JSON.stringify({ alg, kid, tl_version: '2', tl_headers: names }));
  const input = `${header}.${encode(contentOf(request))}`;
  return `${header}..${encode(sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }))}`;
}

export interface DetachedSignature {
  kid: string;
  alg: string;
  /** Names of the headers that are signed, as they are spelled. */
  headerNames: string[];
  encodedHeader: string;
  signature: Buffer;
}

/** Null for anything but a detached JWS of this scheme. */
export function readSignature(text: string): DetachedSignature | null {
  const [encodedHeader, detached, signature, ...more] = text.split('.');
  if (encodedHeader === undefined || detached !== '' || signature === undefined || signature === '' || more.length > 0)
    return null;
  const header = parseObject(Buffer.from(encodedHeader, 'base64url').toString('utf8'));
  const kid = textOf(header, 'kid');
  const alg = textOf(header, 'alg');
  if (header === null || kid === null || alg === null || header['tl_version'] !== '2') return null;
  const headerNames = (textOf(header, 'tl_headers') ?? '').split(',').filter((name) => name !== '');
  return { kid, alg, headerNames, encodedHeader, signature: Buffer.from(signature, 'base64url') };
}

/** Does the signature fit the request under this public key (a JWK)? A key of another kind never fits. */
export function signatureFits(signature: DetachedSignature, request: SignedRequest, jwk: JsonObject): boolean {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const { alg, hash } = algorithmOf(key);
    if (alg !== signature.alg) return false;
    const input = Buffer.from(`${signature.encodedHeader}.${encode(contentOf(request))}`);
    return verify(hash, input, { key, dsaEncoding: 'ieee-p1363' }, signature.signature);
  } catch {
    return false;
  }
}

function contentOf({ method, path, headers, body }: SignedRequest): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\n`).join('');
  return Buffer.concat([Buffer.from(`${method} ${path}\n${lines}`), Buffer.from(body)]);
}

function encode(content: Buffer | string): string {
  return Buffer.from(content).toString('base64url');
}
