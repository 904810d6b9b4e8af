/** The schemes with public keys: RSA under a certificate (PayPal) and a detached JWS under a key set (open banking). */
import { createPublicKey, verify, X509Certificate, type JsonWebKey } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Check } from './check.ts';
import { judgeTime, keysOf } from './judge-time.ts';

export const checkPaypal: Check = ({ body, headers }, checking) => {
  const id = headers['paypal-transmission-id'];
  const time = headers['paypal-transmission-time'];
  const signature = headers['paypal-transmission-sig'];
  if (id === undefined || time === undefined || signature === undefined) return 'missing';
  const isForm = /^[A-Za-z0-9+/]{40,}={0,2}$/.test(signature) && headers['paypal-auth-algo'] === 'SHA256withRSA';
  if (!isForm || Number.isNaN(Date.parse(time))) return 'malformed';
  const certificate = certificateOf(checking.keys['webhookCertificate']);
  const content = (webhookId: string): Buffer => Buffer.from([id, time, webhookId, crc32(body)].join('|'));
  const ok =
    certificate !== undefined &&
    keysOf(checking.keys['webhookId']).some((webhookId) =>
      verify('RSA-SHA256', content(webhookId), certificate.publicKey, Buffer.from(signature, 'base64')),
    );
  return ok ? judgeTime(Date.parse(time) / 1000, checking) : 'mismatch';
};

function certificateOf(pem: string | undefined): X509Certificate | undefined {
  try {
    return new X509Certificate(pem ?? '');
  } catch {
    return undefined;
  }
}

interface JoseHeader {
  alg?: string;
  kid?: string;
  tl_version?: string;
  tl_headers?: string;
}

const TIME_HEADER = 'x-tl-webhook-timestamp';
const ALGORITHMS: Readonly<Record<string, { hash: string; curve: string }>> = {
  ES256: { hash: 'sha256', curve: 'P-256' },
  ES512: { hash: 'sha512', curve: 'P-521' },
};

export const checkBank: Check = ({ body, headers, path = '/' }, checking) => {
  const { 'tl-signature': jws, [TIME_HEADER]: time } = headers;
  if (jws === undefined || time === undefined) return 'missing';
  const parts = jws.split('.');
  const jose = joseHeader(parts[0] ?? '');
  const names = (jose?.tl_headers ?? '').split(',').filter((name) => name !== '');
  const isForm = parts.length === 3 && parts[1] === '' && jose?.tl_version === '2';
  if (!isForm || Number.isNaN(Date.parse(time)) || !names.some((name) => name.toLowerCase() === TIME_HEADER))
    return 'malformed';
  const lines = names.map((name) => `${name}: ${headers[name.toLowerCase()] ?? ''}\n`).join('');
  const content = Buffer.concat([Buffer.from(`POST ${path}\n${lines}`), body]).toString('base64url');
  const ok = fitsKey(jose, `${parts[0]}.${content}`, parts[2] ?? '', checking.keys['webhookJwks']);
  return ok ? judgeTime(Date.parse(time) / 1000, checking) : 'mismatch';
};

function joseHeader(encoded: string): JoseHeader | undefined {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')) as JoseHeader;
  } catch {
    return undefined;
  }
}

function fitsKey(jose: JoseHeader, input: string, signature: string, keySet: string | undefined): boolean {
  const { keys = [] } = JSON.parse(keySet ?? '{}') as { keys?: (JsonWebKey & { kid?: string })[] };
  const jwk = keys.find(({ kid }) => kid === jose.kid);
  const algorithm = ALGORITHMS[jose.alg ?? ''];
  if (jwk === undefined || algorithm === undefined || jwk.crv !== algorithm.curve) return false;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return verify(
    algorithm.hash,
    Buffer.from(input),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}
