/** Amounts go out and come back unchanged, and what is no amount of the currency is refused. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PspProblem } from '../../core/problem.ts';
import { amountOf, amountOfFour, CURRENCIES, minorFromAmount } from './money.ts';

const currency = fc.constantFrom(...CURRENCIES);

describe("mollie's amounts", () => {
  it('come back as they went out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), currency, (amountMinor, code) => {
        assert.deepEqual(minorFromAmount(amountOf(amountMinor, code), 'amount'), { amountMinor, currency: code });
      }),
    );
  });

  it('have the four decimals of a settlement, and the same value', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), currency, (minor, code) => {
        const four = amountOfFour(minor, code).value;
        assert.match(four, /^-?\d+\.\d{4}$/);
        assert.equal(Number(four), Number(amountOf(minor, code).value));
      }),
    );
  });

  it('need exactly the decimals of the currency', () => {
    const wrong: unknown[] = [
      { currency: 'EUR', value: '10' },
      { currency: 'EUR', value: '10.0' },
      { currency: 'EUR', value: '10.000' },
      { currency: 'EUR', value: '-1.00' },
      { currency: 'EUR', value: '1e3' },
      { currency: 'EUR', value: 10 },
      { currency: 'EUR', value: '99999999999.00' },
      { currency: 'JPY', value: '10.00' },
      { currency: 'eur', value: '10.00' },
      { currency: 'XTS', value: '10.00' },
      '10.00',
      null,
      [],
    ];
    for (const value of wrong) assert.throws(() => minorFromAmount(value, 'amount'), PspProblem, JSON.stringify(value));
    assert.equal(minorFromAmount({ currency: 'JPY', value: '10' }, 'amount').amountMinor, 10);
  });
});
