import assert from 'node:assert/strict';
import fc from 'fast-check';
import { minorFromStripe, stripeFromMinor } from './money.ts';

describe('stripe amounts', () => {
  it('are minor units for ordinary and zero-decimal currencies', () => {
    assert.equal(minorFromStripe(1050, 'EUR'), 1050);
    assert.equal(minorFromStripe(500, 'JPY'), 500);
  });

  it('differ where Stripe keeps other decimals', () => {
    assert.equal(minorFromStripe(50_000, 'ISK'), 500);
    assert.equal(stripeFromMinor(500, 'ISK'), 50_000);
    assert.equal(minorFromStripe(5, 'MGA'), 500);
    assert.equal(stripeFromMinor(500, 'MGA'), 5);
    assert.equal(minorFromStripe(5_120, 'KWD'), 5_120);
  });

  it('must be ones that the currency can have', () => {
    assert.throws(() => minorFromStripe(50_050, 'ISK'), /divisible by 100/);
    assert.throws(() => minorFromStripe(5_121, 'KWD'), /divisible by 10/);
  });

  it('survive the way there and back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999 }),
        fc.constantFrom('EUR', 'JPY', 'ISK', 'UGX', 'MGA', 'KWD'),
        (tens, currency) => {
          const amount = tens * 100;
          assert.equal(stripeFromMinor(minorFromStripe(amount, currency), currency), amount);
        },
      ),
    );
  });
});
