/** Goal: an answer carries what helmet itself would have set on it, and nothing less. */
import assert from 'node:assert/strict';
import { securityHeaders } from './security-headers.ts';

describe('security headers', () => {
  it('are those of helmet, with a policy that allows nothing', () => {
    const headers = new Map(securityHeaders().map(([name, value]) => [name.toLowerCase(), value]));
    assert.equal(headers.get('content-security-policy'), "default-src 'none';frame-ancestors 'none'");
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.match(headers.get('strict-transport-security') ?? '', /max-age=\d+/);
    assert.ok(headers.size >= 10);
  });
});
