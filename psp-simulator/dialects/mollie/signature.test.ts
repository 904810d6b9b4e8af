/** The signature against a published HMAC-SHA256 vector, and what is signed and what is not. */
import assert from 'node:assert/strict';
import { classicBody, mollieSignature, signMollie } from './signature.ts';

const credentials = { webhookSecret: 'Jefe' };
const request = { key: 'current', form: 'signed', atMs: 0, credentials } as const;

describe("mollie's webhook signature", () => {
  it('is the HMAC of the raw body (RFC 4231, test case 2)', () => {
    assert.equal(
      mollieSignature('what do ya want for nothing?', 'Jefe'),
      'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('covers the body that was signed, whatever is sent instead', () => {
    const sent = signMollie({ ...request, body: '{"a":1}', sendInstead: '{"a":2}' });
    assert.equal(sent.body, '{"a":2}');
    assert.equal(sent.headers['x-mollie-signature'], mollieSignature('{"a":1}', 'Jefe'));
  });

  it('differs by key, and can be missing or malformed', () => {
    const header = (more: object): string | undefined =>
      signMollie({ ...request, body: '{}', ...more }).headers['x-mollie-signature'];
    const all = [header({}), header({ key: 'previous' }), header({ key: 'wrong' }), header({ form: 'malformed' })];
    assert.equal(new Set(all).size, 4);
    assert.equal(header({ form: 'missing' }), undefined);
  });

  it('is absent from the classic form, which has nothing but an id', () => {
    const sent = signMollie({ ...request, body: classicBody('tr_7UhSN1zuXS') });
    assert.equal(sent.body, 'id=tr_7UhSN1zuXS');
    assert.deepEqual(Object.keys(sent.headers).sort(), ['content-type', 'user-agent']);
    assert.equal(sent.headers['content-type'], 'application/x-www-form-urlencoded');
  });
});
