import assert from 'node:assert/strict';
import fc from 'fast-check';
import { currencyDecimals, majorText, minorUnits } from './amount.ts';

describe('amounts of scenarios', () => {
  it('know currencies with no, two and three decimals', () => {
    assert.deepEqual(['JPY', 'EUR', 'KWD'].map(currencyDecimals), [0, 2, 3]);
    assert.equal(minorUnits('50', 'EUR'), 5_000);
    assert.equal(minorUnits('50', 'JPY'), 50);
    assert.equal(minorUnits('50.125', 'KWD'), 50_125);
    assert.equal(minorUnits('-0.50', 'EUR'), -50);
  });

  it('accept zeros beyond the decimals of a currency, and nothing else', () => {
    assert.equal(minorUnits('5.00', 'JPY'), 5);
    assert.throws(() => minorUnits('5.50', 'JPY'), /more decimals than JPY/);
    assert.throws(() => minorUnits('5.005', 'EUR'), /more decimals than EUR/);
    for (const text of ['', '5.', '.5', '5e3', ' 5', '5,00']) assert.throws(() => minorUnits(text, 'EUR'), RangeError);
  });

  it('survive the way to text and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e11, max: 1e11 }), fc.constantFrom('EUR', 'JPY', 'KWD'), (minor, currency) => {
        assert.equal(minorUnits(majorText(minor, currency), currency), minor);
      }),
    );
    assert.equal(majorText(5, 'EUR'), '0.05');
    assert.equal(majorText(-5, 'KWD'), '-0.005');
  });
});
