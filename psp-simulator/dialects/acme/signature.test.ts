import assert from 'node:assert/strict';
import { signAcme } from './signature.ts';
import type { SigningRequest } from '../webhook.ts';

const request: SigningRequest = {
  body: '{"event_id":"aevt_1"}',
  key: 'current',
  form: 'signed',
  atMs: 1_700_000_000_999,
  credentials: { webhookSecret: 'whs_test' },
};

describe("acme's signature", () => {
  it('is the HMAC-SHA256 of timestamp, dot and body (vector made with openssl)', () => {
    const { headers, body } = signAcme(request);
    assert.equal(headers['x-timestamp'], '1700000000');
    assert.equal(headers['x-signature'], 'sha256=bd5e0cdf288e69f72ebeb116bc81abd307c22542aee1a12ac2ebf1857e8b4168');
    assert.equal(body, request.body);
  });

  it('covers the body that was signed, not the one that is sent instead', () => {
    const altered = signAcme({ ...request, sendInstead: '{}' });
    assert.equal(altered.body, '{}');
    assert.equal(altered.headers['x-signature'], signAcme(request).headers['x-signature']);
  });

  it('differs with every key, and is absent or unreadable on demand', () => {
    const signatures = (['current', 'previous', 'wrong'] as const).map(
      (key) => signAcme({ ...request, key }).headers['x-signature'],
    );
    assert.equal(new Set(signatures).size, 3);
    assert.equal(signAcme({ ...request, form: 'missing' }).headers['x-signature'], undefined);
    assert.doesNotMatch(
      signAcme({ ...request, form: 'malformed' }).headers['x-signature'] ?? '',
      /^sha256=[0-9a-f]{64}$/,
    );
  });
});
