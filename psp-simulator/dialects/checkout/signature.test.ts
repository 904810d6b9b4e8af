/** The signature against a vector that was computed with OpenSSL, and its forms. */
import assert from 'node:assert/strict';
import { checkoutSignature, signWebhook } from './signature.ts';

const BODY = '{"id":"evt_1","type":"payment_approved"}';
const request = { body: BODY, atMs: 0, credentials: { webhookKey: 'secret' } } as const;

describe('the signature of checkout webhooks', () => {
  it('is lower-case hex of HMAC-SHA256 over the raw body', () => {
    // printf '%s' '{"id":"evt_1","type":"payment_approved"}' | openssl dgst -sha256 -hmac secret
    assert.equal(checkoutSignature(BODY, 'secret'), 'e9a53697463c116353bbeef734093313179b56e6f7c4117d0699b0524e6c0f6b');
  });

  it('covers every byte of the body and depends on the key', () => {
    assert.notEqual(checkoutSignature(`${BODY} `, 'secret'), checkoutSignature(BODY, 'secret'));
    const keys = (['current', 'previous', 'wrong'] as const).map(
      (key) => signWebhook({ ...request, key, form: 'signed' }).headers['cko-signature'],
    );
    assert.equal(new Set(keys).size, 3);
  });

  it('can be missing, nonsense, or another body’s', () => {
    assert.equal(signWebhook({ ...request, key: 'current', form: 'missing' }).headers['cko-signature'], undefined);
    assert.doesNotMatch(
      signWebhook({ ...request, key: 'current', form: 'malformed' }).headers['cko-signature'] ?? '',
      /^[0-9a-f]{64}$/,
    );
    const altered = signWebhook({ ...request, key: 'current', form: 'signed', sendInstead: '{}' });
    assert.deepEqual([altered.body, altered.headers['cko-signature']], ['{}', checkoutSignature(BODY, 'secret')]);
  });
});
