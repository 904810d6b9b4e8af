import assert from 'node:assert/strict';
import fc from 'fast-check';
import { knownCurrencies } from '../../../domain/money.ts';
import { fromStripeAmount, toStripeAmount } from './money.ts';

describe('stripe money', () => {
  it('counts as ISO 4217 does, but for the special cases', () => {
    assert.equal(toStripeAmount({ amountMinor: 1_050, currency: 'EUR' }), 1_050);
    assert.equal(toStripeAmount({ amountMinor: 500, currency: 'JPY' }), 500);
    assert.equal(toStripeAmount({ amountMinor: 500, currency: 'ISK' }), 50_000);
    assert.equal(toStripeAmount({ amountMinor: 500, currency: 'UGX' }), 50_000);
    assert.equal(toStripeAmount({ amountMinor: 50_000, currency: 'MGA' }), 500);
    assert.equal(toStripeAmount({ amountMinor: 50_001, currency: 'MGA' }), null);
    assert.equal(toStripeAmount({ amountMinor: 1_230, currency: 'KWD' }), 1_230);
    assert.equal(toStripeAmount({ amountMinor: 1_234, currency: 'KWD' }), null);
  });

  it('comes back unchanged in every currency in which it can be sent', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...knownCurrencies()),
        fc.integer({ min: 1, max: 10 ** 12 }),
        (currency, amountMinor) => {
          const amount = toStripeAmount({ amountMinor, currency });
          if (amount !== null)
            assert.deepEqual(fromStripeAmount(amount, currency.toLowerCase()), { amountMinor, currency });
        },
      ),
    );
  });

  it('states nothing from a part of a minor unit or without a currency', () => {
    assert.equal(fromStripeAmount(50, 'isk'), null);
    assert.equal(fromStripeAmount(50, null), null);
    assert.equal(fromStripeAmount(null, 'eur'), null);
  });
});
