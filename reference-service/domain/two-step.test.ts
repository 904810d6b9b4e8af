import assert from 'node:assert/strict';
import { someFact, somePayment } from './test-deposits.ts';
import { expectedMinor, whyNotCapturable, whyNotVoidable } from './two-step.ts';

describe('two-step deposit', () => {
  const authorized = somePayment({ capture: 'manual', status: 'authorized' });
  const capturing = somePayment({ capture: 'manual', status: 'authorized', captureMinor: 3_000 });
  const stating = (amountMinor: number) => ({ money: { amountMinor, currency: 'EUR' } });

  it('expects the authorized amount before a capture, and the captured one of its success', () => {
    assert.equal(expectedMinor(authorized, someFact({ outcome: 'succeeded' })), 5_000);
    assert.equal(expectedMinor(capturing, someFact({ outcome: 'succeeded', ...stating(5_000) })), 3_000);
    assert.equal(expectedMinor(capturing, someFact({ outcome: 'authorized', ...stating(5_000) })), 5_000);
    assert.equal(expectedMinor(capturing, someFact({ outcome: 'authorized', ...stating(3_000) })), 5_000);
    assert.equal(expectedMinor(capturing, someFact({ outcome: 'declined', ...stating(3_000) })), 3_000);
    assert.equal(expectedMinor(capturing, someFact({ outcome: 'canceled', ...stating(5_000) })), 5_000);
  });

  it('is captured or voided while it is authorized and neither was asked for', () => {
    assert.equal(whyNotCapturable(authorized), null);
    assert.equal(whyNotVoidable(authorized), null);
    for (const payment of [capturing, { ...authorized, cancelRequestedAt: 1 }]) {
      assert.ok(whyNotCapturable(payment));
      assert.ok(whyNotVoidable(payment));
    }
    assert.ok(whyNotCapturable(somePayment({ status: 'pending', capture: 'manual' })));
    assert.match(whyNotVoidable(somePayment({ status: 'succeeded', capture: 'manual' })) ?? '', /refunded/);
  });
});
