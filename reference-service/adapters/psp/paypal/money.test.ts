import assert from 'node:assert/strict';
import fc from 'fast-check';
import { knownCurrencies } from '../../../domain/money.ts';
import { fromPaypalMoney, toPaypalValue } from './money.ts';

describe('paypal money', () => {
  it('writes major units, and forints and Taiwan dollars without decimals', () => {
    assert.equal(toPaypalValue({ amountMinor: 1_050, currency: 'EUR' }), '10.50');
    assert.equal(toPaypalValue({ amountMinor: 700, currency: 'JPY' }), '700');
    assert.equal(toPaypalValue({ amountMinor: 70_000, currency: 'HUF' }), '700');
    assert.equal(toPaypalValue({ amountMinor: 70_050, currency: 'TWD' }), null);
    assert.equal(toPaypalValue({ amountMinor: 1, currency: 'QQQ' }), null);
  });

  it('reads exactly or not at all', () => {
    const read = (value: unknown, currency_code = 'EUR') =>
      fromPaypalMoney({ currency_code, value })?.amountMinor ?? null;
    assert.deepEqual(
      [
        read('10.5'),
        read('10'),
        read('10.500'),
        read('10.505'),
        read('-1.00'),
        read(10),
        read('1e3'),
        read('7.00', 'JPY'),
      ],
      [1_050, 1_000, 1_050, null, null, null, null, 7],
    );
  });

  it('gives back what it was given, whatever it can express', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.constantFrom(...knownCurrencies()), (amountMinor, currency) => {
        const value = toPaypalValue({ amountMinor, currency });
        if (value !== null)
          assert.deepEqual(fromPaypalMoney({ currency_code: currency, value }), { amountMinor, currency });
      }),
    );
  });
});
