import assert from 'node:assert/strict';
import fc from 'fast-check';
import { currencyExponent, formatAmount, knownCurrencies, MAX_AMOUNT_MINOR, parseAmount } from './money.ts';

const currency = fc.constantFrom(...knownCurrencies());

describe('money', () => {
  it('reads back exactly what it writes, in every currency', () => {
    fc.assert(
      fc.property(currency, fc.integer({ min: 0, max: MAX_AMOUNT_MINOR }), (code, amountMinor) => {
        assert.deepEqual(parseAmount(formatAmount(amountMinor, code), code), { ok: true, amountMinor });
      }),
    );
  });

  it('writes a negative amount as the same digits with a sign', () => {
    fc.assert(
      fc.property(currency, fc.integer({ min: 1, max: MAX_AMOUNT_MINOR }), (code, amountMinor) => {
        assert.equal(formatAmount(-amountMinor, code), `-${formatAmount(amountMinor, code)}`);
      }),
    );
  });

  it('refuses every other number of decimals than the currency has', () => {
    fc.assert(
      fc.property(currency, fc.integer({ min: 0, max: 6 }), (code, decimals) => {
        fc.pre(decimals !== currencyExponent(code));
        const text = decimals === 0 ? '12' : `12.${'3'.repeat(decimals)}`;
        assert.equal(parseAmount(text, code).ok, false);
      }),
    );
  });

  it('knows currencies without decimals and with three', () => {
    assert.deepEqual(parseAmount('50', 'JPY'), { ok: true, amountMinor: 50 });
    assert.deepEqual(parseAmount('50.00', 'EUR'), { ok: true, amountMinor: 5_000 });
    assert.deepEqual(parseAmount('50.000', 'KWD'), { ok: true, amountMinor: 50_000 });
    assert.equal(formatAmount(5, 'KWD'), '0.005');
    assert.equal(formatAmount(0, 'EUR'), '0.00');
  });

  it('refuses signs, exponents, leading zeros, blanks, unknown currencies and amounts beyond 2^53', () => {
    for (const text of ['-1.00', '+1.00', '1e2', '01.00', ' 1.00', '1.00 ', '1,00', '', '.50', '1.'])
      assert.equal(parseAmount(text, 'EUR').ok, false, text);
    assert.equal(parseAmount('1.00', 'XXY').ok, false);
    assert.equal(parseAmount('99999999999999999.00', 'EUR').ok, false);
  });
});
