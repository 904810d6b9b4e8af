/**
 * Goal: what is remembered of deposits is bounded, is given once, and is only what waits for a word.
 */
import assert from 'node:assert/strict';
import { someAttempt, somePayment } from '../domain/test-deposits.ts';
import type { KnownDeposit } from '../ports/known.ts';
import { KnownDeposits } from './known-deposits.ts';

function deposit(attemptId: string, status: 'pending' | 'declined' = 'pending'): KnownDeposit {
  const versions = { payment: '1', attempt: '1' };
  return { payment: somePayment({ status }), attempt: someAttempt({ id: attemptId }), versions };
}

describe('deposits that were answered just now', () => {
  it('are given once', () => {
    const known = new KnownDeposits();
    known.remember(deposit('att_1'));
    assert.equal(known.take('att_1')?.attempt.id, 'att_1');
    assert.equal(known.take('att_1'), null);
    assert.equal(known.take(null), null);
  });

  it('are forgotten in the order in which they came, when there are too many', () => {
    const known = new KnownDeposits();
    for (let index = 0; index < 5_000; index += 1) known.remember(deposit(`att_${index}`));
    assert.equal(known.take('att_0'), null);
    assert.notEqual(known.take('att_4999'), null);
    let left = 0;
    for (let index = 0; index < 5_000; index += 1) left += known.take(`att_${index}`) === null ? 0 : 1;
    assert.equal(left, 4_095);
  });

  it('are not remembered when nothing more is waited for', () => {
    const known = new KnownDeposits();
    known.remember(deposit('att_1', 'declined'));
    assert.equal(known.take('att_1'), null);
  });
});
