import assert from 'node:assert/strict';
import fc from 'fast-check';
import { knownCurrencies } from '../../../domain/money.ts';
import { fromAdyenAmount, toAdyenAmount } from './money.ts';

describe('adyen money', () => {
  it('counts as ISO 4217 does, but for four currencies', () => {
    assert.deepEqual(toAdyenAmount({ amountMinor: 1_050, currency: 'EUR' }), { currency: 'EUR', value: 1_050 });
    assert.deepEqual(toAdyenAmount({ amountMinor: 1_234, currency: 'KWD' }), { currency: 'KWD', value: 1_234 });
    assert.deepEqual(toAdyenAmount({ amountMinor: 500, currency: 'CLP' }), { currency: 'CLP', value: 50_000 });
    assert.deepEqual(toAdyenAmount({ amountMinor: 500, currency: 'ISK' }), { currency: 'ISK', value: 50_000 });
    assert.deepEqual(toAdyenAmount({ amountMinor: 50_000, currency: 'IDR' }), { currency: 'IDR', value: 500 });
    assert.equal(toAdyenAmount({ amountMinor: 50_001, currency: 'CVE' }), null);
  });

  it('comes back unchanged in every currency in which it can be sent', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...knownCurrencies()),
        fc.integer({ min: 1, max: 10 ** 12 }),
        (currency, amountMinor) => {
          const amount = toAdyenAmount({ amountMinor, currency });
          if (amount !== null) assert.deepEqual(fromAdyenAmount({ ...amount }), { amountMinor, currency });
        },
      ),
    );
  });

  it('states nothing from a part of a minor unit, a text or a missing currency', () => {
    assert.equal(fromAdyenAmount({ currency: 'ISK', value: 50 }), null);
    assert.equal(fromAdyenAmount({ currency: 'EUR', value: '50' }), null);
    assert.equal(fromAdyenAmount({ value: 50 }), null);
    assert.equal(fromAdyenAmount(null), null);
  });
});
