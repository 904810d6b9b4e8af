/** Conversions and parts in basis points: exact, whatever the decimals of the currencies. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { basisPointsOf, convertMinor } from './convert.ts';

describe('exact arithmetic of settlement', () => {
  it('converts between currencies of different decimals', () => {
    assert.equal(convertMinor(1_000, { from: 'JPY', to: 'EUR', rate: '0.0061' }), 610);
    assert.equal(convertMinor(-100, { from: 'EUR', to: 'JPY', rate: '163.5' }), -164);
    assert.equal(convertMinor(1_000, { from: 'KWD', to: 'EUR', rate: '3' }), 300);
  });

  it('rounds a part in basis points half up, and never by more than half a minor unit', () => {
    assert.equal(basisPointsOf(50, 100), 1);
    assert.equal(basisPointsOf(49, 100), 0);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000_000 }),
        fc.integer({ min: 0, max: 9_999 }),
        (amount, points) => {
          const exact = BigInt(amount) * BigInt(points);
          const error = BigInt(basisPointsOf(amount, points)) * 10_000n - exact;
          assert.ok(error <= 5_000n && error > -5_000n);
        },
      ),
    );
  });

  it('refuses a rate that is no positive decimal', () => {
    for (const rate of ['0', '-1', '1e3', '', 'abc', '1,2'])
      assert.throws(() => convertMinor(1, { from: 'EUR', to: 'USD', rate }), /exchange rate/);
  });
});
