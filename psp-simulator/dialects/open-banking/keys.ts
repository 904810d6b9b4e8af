/**
 * Test keys for signing, made from a text: the same text gives the same key pair, so that a
 * configuration can be written down and no key lies in a file. Whoever knows the text has the
 * private key too. That is right for a simulator and for nothing else.
 */
import { createECDH, createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export type Algorithm = 'ES512' | 'ES256';

export interface TestKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/**
 * `secretBytes` is one byte, or one bit, less than the order of the curve has: every such number
 * but zero is a private key.
 */
const CURVES = {
  ES512: { name: 'secp521r1', jwk: 'P-521', bytes: 66, secretBytes: 65, firstByte: 0xff },
  ES256: { name: 'prime256v1', jwk: 'P-256', bytes: 32, secretBytes: 32, firstByte: 0x7f },
} as const;

/** Making a key takes a millisecond, and every signature asks for one. More than this many are never in use at once. */
const MOST_KEPT = 64;
const made = new Map<string, TestKey>();

export function testKey(text: string, algorithm: Algorithm = 'ES512'): TestKey {
  const name = `${algorithm} ${text}`;
  const known = made.get(name);
  if (known !== undefined) return known;
  const key = makeKey(name, algorithm);
  if (made.size >= MOST_KEPT) made.clear();
  made.set(name, key);
  return key;
}

/** PKCS #8, as `openssl` and every JOSE library read it. */
export function privatePem(key: TestKey): string {
  return key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The public half as an entry of a JSON Web Key Set. */
export function publicJwk(key: TestKey): Record<string, unknown> {
  return { ...key.publicKey.export({ format: 'jwk' }), kid: key.kid, alg: key.algorithm, use: 'sig' };
}

/** A UUID (version 4 layout) that is always the same for one text. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(`uuid ${text}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function makeKey(text: string, algorithm: Algorithm): TestKey {
  const curve = CURVES[algorithm];
  const secret = createHash('shake256', { outputLength: curve.secretBytes }).update(`assay test key ${text}`).digest();
  secret[0] = (secret[0] ?? 0) & curve.firstByte;
  const d = Buffer.concat([Buffer.alloc(curve.bytes - curve.secretBytes), secret]);
  const ecdh = createECDH(curve.name);
  ecdh.setPrivateKey(d);
  const point = ecdh.getPublicKey();
  const jwk = {
    kty: 'EC',
    crv: curve.jwk,
    x: point.subarray(1, 1 + curve.bytes).toString('base64url'),
    y: point.subarray(1 + curve.bytes).toString('base64url'),
    d: d.toString('base64url'),
  };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  return { kid: uuidOf(`kid ${text}`), algorithm, privateKey, publicKey: createPublicKey(privateKey) };
}
