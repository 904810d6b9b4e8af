import assert from 'node:assert/strict';
import { alterChange } from './alter-change.ts';
import type { PaymentChange } from './book-change.ts';

const captured: PaymentChange = {
  type: 'payment-captured',
  index: 3,
  atMs: 1,
  movedMinor: 5_000,
  record: {
    kind: 'payment',
    pspReference: 'p1',
    reference: 'order-1',
    state: 'captured',
    currency: 'EUR',
    amountMinor: 5_000,
    capturedMinor: 5_000,
    refundedMinor: 0,
    captureMode: 'automatic',
    captures: [{ id: 'p1-c1', amountMinor: 5_000, atMs: 1, final: true }],
    capturableMinor: 0,
    disputedMinor: 0,
    method: 'card',
    methodToken: null,
    declineReason: null,
    authentication: null,
    fate: {},
    threeDs: 'none',
    challengeId: null,
    returnUrl: null,
    createdAtMs: 1,
    updatedAtMs: 1,
    steps: [],
    details: {},
  },
};

describe('alterChange', () => {
  it('scales every amount of the copy and leaves the original alone', () => {
    const altered = alterChange(captured, { amountFactor: 10 }) as PaymentChange;
    assert.equal(altered.record.amountMinor, 50_000);
    assert.equal(altered.record.capturedMinor, 50_000);
    assert.equal(altered.movedMinor, 50_000);
    assert.equal(captured.record.amountMinor, 5_000);
  });

  it('never scales an amount to nothing', () => {
    assert.equal(alterChange(captured, { amountFactor: 0.00001 }).record.amountMinor, 1);
  });

  it('turns a success into a failure that moved nothing', () => {
    const altered = alterChange(captured, { claim: 'failed' }) as PaymentChange;
    assert.deepEqual(
      [altered.type, altered.record.state, altered.record.capturedMinor, altered.movedMinor],
      ['payment-declined', 'declined', 0, 0],
    );
  });

  it('claims a capture for a payment that waits', () => {
    const waiting: PaymentChange = {
      ...captured,
      type: 'payment-requires-action',
      movedMinor: 0,
      record: { ...captured.record, state: 'requires_action', capturedMinor: 0 },
    };
    const altered = alterChange(waiting, { claim: 'succeeded' }) as PaymentChange;
    assert.deepEqual(
      [altered.type, altered.record.state, altered.record.capturedMinor],
      ['payment-captured', 'captured', 5_000],
    );
  });
});
