import assert from 'node:assert/strict';
import fc from 'fast-check';
import { exponentOf } from '../../core/currency.ts';
import { toMajor, toMinor } from './money.ts';

describe('acme amounts', () => {
  it('survive the way to text and back, in currencies of 0, 2 and 3 decimals', () => {
    const minor = fc.integer({ min: 1, max: 999_999_999_999 });
    fc.assert(
      fc.property(minor, fc.constantFrom('JPY', 'EUR', 'KWD'), (amount, currency) => {
        const text = toMajor(amount, currency);
        assert.equal(text.split('.')[1]?.length ?? 0, exponentOf(currency));
        assert.equal(toMinor(text, currency), amount);
      }),
    );
  });

  for (const text of ['', '1,5', '1.', '.5', '1.005', '-1', '+1', '1e3', ' 1', '0', '0.00', 1, null, undefined]) {
    it(`refuses ${JSON.stringify(text)} EUR`, () => {
      assert.throws(() => toMinor(text, 'EUR'), /amount must be/);
    });
  }
});
