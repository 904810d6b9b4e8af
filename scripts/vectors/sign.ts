/**
 * How each scheme signs, written from its publication for the vectors alone: neither the
 * simulator, nor the service, nor the partner command has a line of this.
 */
import { createHmac, sign as rsaSign, type BinaryLike } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { signDeterministically, type Curve } from './ecdsa.ts';

export type Headers = Record<string, string>;

const hmac = (key: BinaryLike, ...parts: (string | Buffer)[]): Buffer => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};

export const acme = (body: Buffer, key: string, at: number): Headers => ({
  'X-Timestamp': String(at),
  'X-Signature': `sha256=${hmac(key, `${at}.`, body).toString('hex')}`,
});

export const stripe = (body: Buffer, key: string, at: number): Headers => ({
  'Stripe-Signature': `t=${at},v1=${hmac(key, `${at}.`, body).toString('hex')}`,
});

export const checkout = (body: Buffer, key: string): Headers => ({ 'Cko-Signature': hmac(key, body).toString('hex') });

export const mollie = (body: Buffer, key: string): Headers => ({
  'X-Mollie-Signature': `sha256=${hmac(key, body).toString('hex')}`,
});

/** Standard Webhooks 1.0; the key is what follows `whsec_`, decoded. */
export const standardWebhooks = (body: Buffer, key: string, at: number, id = 'evt_1'): Headers => ({
  'webhook-id': id,
  'webhook-timestamp': String(at),
  'webhook-signature': `v1,${hmac(Buffer.from(key.slice('whsec_'.length), 'base64'), `${id}.${at}.`, body).toString('base64')}`,
});

export interface PaypalParts {
  privateKey: string;
  webhookId: string;
  transmissionId: string;
  certUrl: string;
}

export function paypal(
  body: Buffer,
  { privateKey, webhookId, transmissionId, certUrl }: PaypalParts,
  at: number,
): Headers {
  const time = new Date(at * 1000).toISOString().replace('.000Z', 'Z');
  const content = [transmissionId, time, webhookId, String(crc32(body))].join('|');
  return {
    'PAYPAL-TRANSMISSION-ID': transmissionId,
    'PAYPAL-TRANSMISSION-TIME': time,
    'PAYPAL-TRANSMISSION-SIG': rsaSign('RSA-SHA256', Buffer.from(content), privateKey).toString('base64'),
    'PAYPAL-CERT-URL': certUrl,
    'PAYPAL-AUTH-ALGO': 'SHA256withRSA',
  };
}

export interface BankParts {
  kid: string;
  scalar: bigint;
  curve: Curve;
  path: string;
  /** What the JOSE header says, where it is to say something else. */
  header?: Record<string, string>;
}

export const BANK_TIME_HEADER = 'X-Tl-Webhook-Timestamp';

export function openBanking(body: Buffer, { kid, scalar, curve, path, header = {} }: BankParts, at: number): Headers {
  const time = new Date(at * 1000).toISOString();
  const jose = { alg: curve.alg, kid, tl_version: '2', tl_headers: BANK_TIME_HEADER, ...header };
  const encoded = Buffer.from(JSON.stringify(jose)).toString('base64url');
  const signsTime = jose.tl_headers !== '';
  const head = `POST ${path}\n${signsTime ? `${BANK_TIME_HEADER}: ${time}\n` : ''}`;
  const content = Buffer.concat([Buffer.from(head), body]).toString('base64url');
  const signature = signDeterministically(Buffer.from(`${encoded}.${content}`), scalar, curve);
  return { [BANK_TIME_HEADER]: time, 'Tl-Signature': `${encoded}..${signature.toString('base64url')}` };
}

/** The eight fields of an item, in Adyen's order. */
export type AdyenFields = [string, string, string, string, string, string, string, string];

export function adyen(fields: AdyenFields, keyHex: string): string {
  return hmac(Buffer.from(keyHex, 'hex'), fields.join(':')).toString('base64');
}
