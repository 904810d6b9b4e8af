/** The two schemes with public keys: PayPal (RSA under a certificate) and open banking (detached JWS under a key set). */
import type { VectorCase, VectorFile } from '../../contracts/index.ts';
import { PLAIN, text } from './bodies.ts';
import { P256, P521, publicPoint, scalarOf, toBytes, type Curve } from './ecdsa.ts';
import { flipBase64, headerCases, NOW, plain, TOLERANCE_SECONDS, type KeyName } from './header-cases.ts';
import { RSA_CURRENT, RSA_PREVIOUS } from './rsa-pairs.ts';
import * as signers from './sign.ts';

const WEBHOOK_ID = '1JE4291016473214C';
const TRANSMISSION_ID = '11111111-2222-4333-8444-555555555555';

export function paypalFile(): VectorFile {
  const parts = (key: KeyName): signers.PaypalParts => ({
    privateKey: (key === 'current' ? RSA_CURRENT : RSA_PREVIOUS).privateKey,
    webhookId: WEBHOOK_ID,
    transmissionId: TRANSMISSION_ID,
    certUrl: `https://psp.example/certs/${key === 'current' ? 'current' : 'previous'}`,
  });
  const genuine = signers.paypal(plain, parts('current'), NOW);
  const special = (id: string, why: string, headers: signers.Headers, expect: VectorCase['expect']): VectorCase => ({
    id,
    why,
    body: text(PLAIN),
    received_at: NOW,
    headers,
    expect,
  });
  return {
    scheme: 'paypal',
    about:
      'PAYPAL-TRANSMISSION-SIG is the base64 of RSA-SHA256 over `<transmission id>|<time>|<webhook id>|<CRC-32 of the raw body, decimal>`, under the certificate at PAYPAL-CERT-URL.',
    tolerance_seconds: TOLERANCE_SECONDS,
    keys: { webhookId: WEBHOOK_ID, webhookCertificate: RSA_CURRENT.certificate },
    signing_keys: { current: RSA_CURRENT.privateKey, previous: RSA_PREVIOUS.privateKey },
    cases: [
      ...headerCases({
        sign: (body, key, at) => signers.paypal(body, parts(key), at),
        signature: 'PAYPAL-TRANSMISSION-SIG',
        flip: flipBase64,
        time: {
          header: 'PAYPAL-TRANSMISSION-TIME',
          put: (_value, at) => new Date(at * 1000).toISOString().replace('.000Z', 'Z'),
        },
        previousKeys: { webhookCertificate: RSA_PREVIOUS.certificate },
      }),
      special(
        'other-webhook-id',
        'A message that was signed for another merchant.',
        signers.paypal(plain, { ...parts('current'), webhookId: '2JE4291016473214C' }, NOW),
        'mismatch',
      ),
      special(
        'unknown-version',
        'An algorithm that was never agreed on.',
        { ...genuine, 'PAYPAL-AUTH-ALGO': 'SHA1withRSA' },
        'malformed',
      ),
      special(
        'several-signatures',
        'One signature is sent; a list is nothing that PayPal has sent.',
        {
          ...genuine,
          'PAYPAL-TRANSMISSION-SIG': `${genuine['PAYPAL-TRANSMISSION-SIG']},${genuine['PAYPAL-TRANSMISSION-SIG']}`,
        },
        'malformed',
      ),
    ],
  };
}

const PATH = '/webhooks/open-banking';

interface BankKey {
  kid: string;
  scalar: bigint;
  curve: Curve;
}

const bankKey = (name: string, curve: Curve): BankKey => ({
  kid: `vector-${name}`,
  scalar: scalarOf(`assay vector ${name}`, curve),
  curve,
});

function jwk({ kid, scalar, curve }: BankKey, withPrivate = false): Record<string, string> {
  const [x, y] = publicPoint(scalar, curve);
  const part = (value: bigint): string => toBytes(value, curve.bytes).toString('base64url');
  return {
    kty: 'EC',
    crv: curve.jwk,
    kid,
    alg: curve.alg,
    x: part(x),
    y: part(y),
    ...(withPrivate ? { d: part(scalar) } : {}),
  };
}

export function bankFile(): VectorFile {
  const keys: Record<KeyName, BankKey> = {
    current: bankKey('current', P521),
    previous: bankKey('previous', P256),
    retired: bankKey('retired', P256),
  };
  const sign = (key: KeyName, at: number, more: Partial<signers.BankParts> = {}): signers.Headers =>
    signers.openBanking(plain, { ...keys[key], path: PATH, ...more }, at);
  const special = (id: string, why: string, expect: VectorCase['expect'], headers: signers.Headers): VectorCase => ({
    id,
    why,
    body: text(PLAIN),
    received_at: NOW,
    path: PATH,
    headers,
    expect,
  });
  const jws = sign('current', NOW)['Tl-Signature'] ?? '';
  return {
    scheme: 'open-banking',
    about:
      'Tl-Signature is a detached JWS (ES512 or ES256) over `POST <path>\\n`, the line `X-Tl-Webhook-Timestamp: <time>\\n` and the raw body, under a key of the published key set.',
    tolerance_seconds: TOLERANCE_SECONDS,
    keys: { webhookJwks: JSON.stringify({ keys: [jwk(keys.current), jwk(keys.previous)] }) },
    signing_keys: {
      current: JSON.stringify(jwk(keys.current, true)),
      previous: JSON.stringify(jwk(keys.previous, true)),
    },
    cases: [
      ...headerCases({
        sign: (body, key, at) => signers.openBanking(body, { ...keys[key], path: PATH }, at),
        signature: 'Tl-Signature',
        flip: (value) => flipBase64(value, value.lastIndexOf('.') + 1, 'base64url'),
        time: { header: signers.BANK_TIME_HEADER, put: (_value, at) => new Date(at * 1000).toISOString() },
        path: PATH,
      }),
      special(
        'time-not-signed',
        'A time beside the signature proves nothing.',
        'malformed',
        sign('previous', NOW, { header: { tl_headers: '' } }),
      ),
      special(
        'other-path',
        'A message for another endpoint must not be accepted here.',
        'mismatch',
        sign('previous', NOW, { path: '/webhooks/other' }),
      ),
      special(
        'other-key-id',
        'The right key under a wrong name.',
        'mismatch',
        sign('previous', NOW, { kid: 'vector-unknown' }),
      ),
      special(
        'other-algorithm',
        'The header may not choose another algorithm than the key has.',
        'mismatch',
        sign('previous', NOW, { header: { alg: 'ES512' } }),
      ),
      special(
        'unknown-version',
        'A version of the scheme that nobody knows.',
        'malformed',
        sign('previous', NOW, { header: { tl_version: '9' } }),
      ),
      special('several-signatures', 'One signature is sent; a list is no JWS.', 'malformed', {
        ...sign('current', NOW),
        'Tl-Signature': `${jws},${jws}`,
      }),
    ],
  };
}
