/** Goal: every way in which a client writes a path means the same route. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hostOf, withoutHost } from './absolute-path.ts';

describe('paths of clients that were led to the simulator', () => {
  const cases: [given: string, path: string][] = [
    ['/v1/payments', '/v1/payments'],
    ['//v1/payments', '/v1/payments'],
    ['/https://api-m.sandbox.paypal.com/v2/checkout/orders', '/v2/checkout/orders'],
    ['/https:/api-m.sandbox.paypal.com/v2/checkout/orders', '/v2/checkout/orders'],
    ['https://api.stripe.com/v1/events', '/v1/events'],
    ['http://127.0.0.1:9101/v1/events', '/v1/events'],
    ['//https://api.stripe.com//v1/events', '/v1/events'],
    ['https://api.stripe.com', '/'],
    ['/https-report', '/https-report'],
    ['/', '/'],
    ['', '/'],
  ];
  for (const [given, path] of cases)
    it(`${given || '(nothing)'} is ${path}`, () => assert.equal(withoutHost(given), path));

  it('leave a plain path as it is', () => {
    fc.assert(
      fc.property(fc.webPath(), (given) => {
        const path = given.startsWith('/') && !given.startsWith('//') ? given : `/x${given}`;
        assert.equal(withoutHost(path), path);
      }),
    );
  });

  it('name their host with or without scheme and port', () => {
    assert.equal(hostOf('API.stripe.com:443'), 'api.stripe.com');
    assert.equal(hostOf('https://api.stripe.com:8443/v1?x=http://other'), 'api.stripe.com');
    assert.equal(hostOf('[::1]:443'), '[::1]');
    assert.equal(hostOf(''), undefined);
    assert.equal(hostOf('not a host'), undefined);
  });
});
