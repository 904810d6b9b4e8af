import assert from 'node:assert/strict';
import fc from 'fast-check';
import { knownCurrencies } from '../../../domain/money.ts';
import { fromCheckoutAmount, toCheckoutAmount } from './money.ts';

describe('checkout money', () => {
  it('counts Chilean pesos in hundredths and everything else in minor units', () => {
    assert.equal(toCheckoutAmount({ amountMinor: 700, currency: 'CLP' }), 70_000);
    assert.equal(toCheckoutAmount({ amountMinor: 700, currency: 'JPY' }), 700);
    assert.equal(fromCheckoutAmount(70_050, 'CLP'), null);
  });

  it('cannot express a last digit in three decimals, nor ten digits', () => {
    assert.equal(toCheckoutAmount({ amountMinor: 1_234, currency: 'KWD' }), null);
    assert.equal(toCheckoutAmount({ amountMinor: 1_230, currency: 'KWD' }), 1_230);
    assert.equal(toCheckoutAmount({ amountMinor: 1_000_000_000, currency: 'EUR' }), null);
  });

  it('gives back what it was given, whatever it can express', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999_999 }),
        fc.constantFrom(...knownCurrencies()),
        (amountMinor, currency) => {
          const amount = toCheckoutAmount({ amountMinor, currency });
          if (amount !== null) assert.deepEqual(fromCheckoutAmount(amount, currency), { amountMinor, currency });
        },
      ),
    );
  });
});
