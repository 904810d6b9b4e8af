/**
 * PayPal's webhook signature: RSA with SHA-256 over
 *
 *   <transmission id>|<transmission time>|<webhook id>|<crc32 of the raw body, decimal>
 *
 * sent in base64 beside the URL of the certificate. Mocked events of `simulate-event` are signed
 * for the webhook id `WEBHOOK_ID`, so PayPal's own verification refuses them.
 *
 * Written from the published scheme and kept apart from any verifying code, so that one mistake
 * cannot cancel itself out.
 */
import { createPrivateKey, createSign, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';

import type { SignedMessage, SigningRequest } from '../webhook.ts';
import { isoSeconds } from './fields.ts';
import { uuidFrom } from './ids.ts';
import { CURRENT_PAIR, FORGED_KEY, PREVIOUS_PAIR } from './simulation-only-keys.ts';

export const AUTH_ALGO = 'SHA256withRSA';

/** Names under which the certificates are served. */
export const CERT_IDS = { current: 'CERT-360caa42-fca2a594-assay', previous: 'CERT-360caa42-fca2a593-assay' } as const;

/** Events of PayPal's own are named `WH-…`; a mocked one is not. */
export function isMocked(body: string): boolean {
  return !body.startsWith('{"id":"WH-');
}

export function certificateOf(certId: string): string | undefined {
  if (certId === CERT_IDS.current) return CURRENT_PAIR.certificate;
  return certId === CERT_IDS.previous ? PREVIOUS_PAIR.certificate : undefined;
}

export function certUrl(pspUrl: string, key: keyof typeof CERT_IDS): string {
  return `${pspUrl}/v1/notifications/certs/${CERT_IDS[key]}`;
}

/** What is signed. */
export function signedText(parts: { transmissionId: string; time: string; webhookId: string; body: string }): string {
  return [parts.transmissionId, parts.time, parts.webhookId, crc32(parts.body)].join('|');
}

export function paypalSign(request: SigningRequest): SignedMessage {
  const { body, sendInstead, key, form, atMs, credentials, pspUrl = '' } = request;
  const sent = sendInstead ?? body;
  const headers = {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'PayPal/AUHD-214.0-58130159',
  };
  if (form === 'missing') return { headers, body: sent };
  const time = isoSeconds(atMs);
  const transmissionId = uuidFrom(`${body}|${atMs}`);
  const webhookId = isMocked(body) ? 'WEBHOOK_ID' : (credentials['webhookId'] ?? '');
  const text = signedText({ transmissionId, time, webhookId, body });
  return {
    headers: {
      ...headers,
      'paypal-auth-algo': AUTH_ALGO,
      'paypal-auth-version': 'v2',
      'paypal-cert-url': certUrl(pspUrl, key === 'previous' ? 'previous' : 'current'),
      'paypal-transmission-id': transmissionId,
      'paypal-transmission-sig': form === 'malformed' ? 'not a signature' : signWith(key, text),
      'paypal-transmission-time': time,
    },
    body: sent,
  };
}

/** Read once: that takes longer than a signature. */
const KEYS: Readonly<Record<SigningRequest['key'], KeyObject>> = {
  current: createPrivateKey(CURRENT_PAIR.privateKey),
  previous: createPrivateKey(PREVIOUS_PAIR.privateKey),
  wrong: createPrivateKey(FORGED_KEY),
};

function signWith(key: SigningRequest['key'], text: string): string {
  return createSign('RSA-SHA256').update(text).sign(KEYS[key], 'base64');
}
