/** Ids have Checkout.com's form, and a session or hosted page finds its payment back. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { digitsFrom, idFrom, paymentIdOfTwin, twinId } from './ids.ts';

describe("checkout's ids", () => {
  it('are a prefix and 26 characters of base 32, different for different texts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        assert.match(idFrom('pay', left), /^pay_[a-z2-7]{26}$/);
        assert.equal(idFrom('pay', left) === idFrom('pay', right), left === right);
        assert.match(digitsFrom(left, 23), /^\d{23}$/);
      }),
    );
  });

  it('lead from a session back to its payment, and from nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const payment = idFrom('pay', text);
        assert.equal(paymentIdOfTwin('sid', twinId('sid', payment)), payment);
        assert.equal(paymentIdOfTwin('hpp', twinId('sid', payment)), undefined);
        assert.equal(paymentIdOfTwin('sid', other), undefined);
      }),
    );
  });
});
