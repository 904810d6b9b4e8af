/** Amounts against Checkout.com's own list, and every minor unit there and back. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PspProblem } from '../../core/problem.ts';
import { checkoutAmount, minorFromCheckout } from './money.ts';

const refused = (error: unknown): boolean =>
  error instanceof PspProblem && error.details.extra?.['errorCode'] === 'amount_invalid';

describe("checkout's amounts", () => {
  it('are minor units, but for the Chilean peso', () => {
    assert.equal(minorFromCheckout(1_000, 'EUR'), 1_000);
    assert.equal(minorFromCheckout(100, 'JPY'), 100);
    assert.equal(minorFromCheckout(100_000, 'BHD'), 100_000);
    assert.equal(minorFromCheckout(5_000, 'CLP'), 50);
    assert.equal(checkoutAmount(50, 'CLP'), 5_000);
  });

  it('refuse what the currency cannot have', () => {
    for (const [value, currency] of [
      [0, 'EUR'],
      [-1, 'EUR'],
      [1.5, 'EUR'],
      [1_000_000_000, 'EUR'],
      [1_001, 'BHD'],
      [5_050, 'CLP'],
      [Number.NaN, 'EUR'],
    ] as const) {
      assert.throws(() => minorFromCheckout(value, currency), refused, `${value} ${currency}`);
    }
  });

  it('come back as they went', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999_999 }),
        fc.constantFrom('EUR', 'JPY', 'KWD', 'CLP', 'ISK'),
        (n, currency) => {
          const minor = currency === 'KWD' ? n * 10 : n;
          assert.equal(minorFromCheckout(checkoutAmount(minor, currency), currency), minor);
        },
      ),
    );
  });
});
