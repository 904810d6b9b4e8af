import assert from 'node:assert/strict';
import type { SigningRequest } from '../webhook.ts';
import { signExampleBank } from './signature.ts';

const request: SigningRequest = {
  body: '{"id":"evt_1"}',
  key: 'current',
  form: 'signed',
  atMs: 1_700_000_000_999,
  credentials: { webhookSecret: 'secret' },
};

describe("example-bank's signature", () => {
  it('is the HMAC-SHA256 of time, dot and body (vector made with openssl)', () => {
    const expected = 't=1700000000,v1=af784f27423c462e20039559cd4264140f7b7ed4c9090e26fd663faa5eeb8dda';
    assert.equal(signExampleBank(request).headers['x-signature'], expected);
  });

  it('differs with every key, covers what was signed, and is absent on demand', () => {
    const signatures = (['current', 'previous', 'wrong'] as const).map(
      (key) => signExampleBank({ ...request, key }).headers['x-signature'],
    );
    assert.equal(new Set(signatures).size, 3);
    const altered = signExampleBank({ ...request, sendInstead: '{}' });
    assert.deepEqual([altered.body, altered.headers['x-signature']], ['{}', signatures[0]]);
    assert.equal(signExampleBank({ ...request, form: 'missing' }).headers['x-signature'], undefined);
  });
});
