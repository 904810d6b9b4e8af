/** Goal: a certificate is made for names that are ours to answer for, and for no others. */
import assert from 'node:assert/strict';
import { certificateNames, fitsHost, isPrivateName } from './host-names.ts';

const HOSTS = ['checkout-test.adyen.com', '*-checkout-live.adyenpayments.com', '*.api.checkout.com'];

describe('host names of the simulator', () => {
  it('fit a pattern by whole labels', () => {
    assert.ok(fitsHost('checkout-test.adyen.com', 'Checkout-Test.adyen.com'));
    assert.ok(fitsHost('*-checkout-live.adyenpayments.com', 'abc123-Acme-checkout-live.adyenpayments.com'));
    assert.ok(fitsHost('*.api.checkout.com', 'xyz.api.checkout.com'));
    assert.ok(!fitsHost('*.api.checkout.com', 'a.b.api.checkout.com'));
    assert.ok(!fitsHost('*.api.checkout.com', 'api.checkout.com'));
    assert.ok(!fitsHost('checkout-test.adyen.com', 'checkout-testxadyen.com'));
    assert.ok(!fitsHost('checkout-test.adyen.com', 'checkout-test.adyen.com.evil.net'));
  });

  it('are private when nobody on the internet can have them', () => {
    for (const name of ['localhost', 'assay', 'host.docker.internal', 'psp.test', 'psp.localhost'])
      assert.ok(isPrivateName(name), name);
    for (const name of ['example.com', 'test.com', 'internal.example.com']) assert.ok(!isPrivateName(name), name);
  });

  it('get a certificate of their own; a foreign name gets the one of this machine', () => {
    assert.deepEqual(certificateNames('checkout-test.adyen.com', HOSTS, '127.0.0.1'), ['checkout-test.adyen.com']);
    assert.deepEqual(certificateNames('assay', HOSTS, '127.0.0.1'), ['assay']);
    const machine = ['localhost', '127.0.0.1', '::1'];
    assert.deepEqual(certificateNames('bank.com', HOSTS, '127.0.0.1'), machine);
    assert.deepEqual(certificateNames(undefined, HOSTS, '127.0.0.1'), machine);
    assert.deepEqual(certificateNames(undefined, HOSTS, '10.1.2.3'), [...machine, '10.1.2.3']);
    assert.deepEqual(certificateNames(undefined, HOSTS, '0.0.0.0'), machine);
  });
});
