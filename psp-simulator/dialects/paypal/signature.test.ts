import assert from 'node:assert/strict';
import { createVerify, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import type { SigningRequest } from '../webhook.ts';
import { CERT_IDS, certificateOf, certUrl, paypalSign, signedText } from './signature.ts';

const BODY = '{"id":"WH-1-2","amount":"10.00 €"}';

function request(more: Partial<SigningRequest> = {}): SigningRequest {
  return {
    body: BODY,
    key: 'current',
    form: 'signed',
    atMs: Date.UTC(2026, 10, 23),
    credentials: { webhookId: 'HOOK1' },
    pspUrl: 'http://127.0.0.1:9104',
    ...more,
  };
}

/** A merchant that follows the certificate's URL; null where it leads nowhere. */
function isGenuine(
  message: { headers: Readonly<Record<string, string>>; body: string },
  webhookId = 'HOOK1',
): boolean | null {
  const { headers, body } = message;
  const certificate = certificateOf(headers['paypal-cert-url']?.split('/').at(-1) ?? '');
  if (certificate === undefined) return null;
  const text = `${headers['paypal-transmission-id']}|${headers['paypal-transmission-time']}|${webhookId}|${crc(body)}`;
  const { publicKey } = new X509Certificate(certificate);
  return createVerify('sha256')
    .update(text)
    .verify(publicKey, headers['paypal-transmission-sig'] ?? '', 'base64');
}

/** CRC-32 written out, so that the library's is compared with something. */
function crc(text: string): number {
  let value = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

describe("PayPal's webhook signature", () => {
  it('covers transmission, time, webhook and the CRC of the body in decimal', () => {
    const parts = { transmissionId: 'a', time: 'b', webhookId: 'c', body: '123456789' };
    // The check value of CRC-32: 0xcbf43926.
    assert.equal(signedText(parts), 'a|b|c|3421780262');
    assert.equal(isGenuine(paypalSign(request())), true);
    assert.equal(isGenuine(paypalSign(request()), 'HOOK2'), false);
  });

  it('fails for any other body', () => {
    fc.assert(
      fc.property(fc.string(), (sendInstead) => {
        assert.equal(isGenuine(paypalSign(request({ sendInstead }))), sendInstead === BODY);
      }),
      { numRuns: 20 },
    );
  });

  it('names the certificate of its key, on the address of the PSP itself', () => {
    const current = paypalSign(request());
    assert.equal(current.headers['paypal-cert-url'], certUrl('http://127.0.0.1:9104', 'current'));
    const previous = paypalSign(request({ key: 'previous' }));
    assert.ok(previous.headers['paypal-cert-url']?.endsWith(CERT_IDS.previous));
    assert.equal(isGenuine(previous), true);
  });

  it('is worth nothing from a forger, unsigned or garbled', () => {
    assert.equal(isGenuine(paypalSign(request({ key: 'wrong' }))), false);
    assert.equal(isGenuine(paypalSign(request({ form: 'malformed' }))), false);
    assert.equal(isGenuine(paypalSign(request({ form: 'missing' }))), null);
  });

  it('repeats with the run: equal input, equal message', () => {
    assert.deepEqual(paypalSign(request()), paypalSign(request()));
    assert.notEqual(
      paypalSign(request()).headers['paypal-transmission-id'],
      paypalSign(request({ atMs: 1 })).headers['paypal-transmission-id'],
    );
  });

  it('of a mocked event is for the webhook id WEBHOOK_ID', () => {
    const mocked = paypalSign(request({ body: '{"id":"8PT597110X687430L"}' }));
    assert.deepEqual([isGenuine(mocked), isGenuine(mocked, 'WEBHOOK_ID')], [false, true]);
  });
});
