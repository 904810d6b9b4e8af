import assert from 'node:assert/strict';
import { eventMatcher } from './event-matcher.ts';
import { someFact } from './test-deposits.ts';

const expected = { attemptId: 'att_1', psp: 'alpha', amountMinor: 5_000, currency: 'EUR' };
const kindOf = (more: Parameters<typeof someFact>[0]) => eventMatcher(expected, someFact(more)).kind;

describe('event matcher', () => {
  it('accepts exactly the amount and currency that were asked for', () => {
    assert.equal(kindOf({}), 'match');
    assert.equal(kindOf({ money: { amountMinor: 4_999, currency: 'EUR' } }), 'amount_mismatch');
    assert.equal(kindOf({ money: { amountMinor: 50_000, currency: 'EUR' } }), 'amount_mismatch');
    assert.equal(kindOf({ money: { amountMinor: 5_000, currency: 'JPY' } }), 'currency_mismatch');
    assert.equal(kindOf({ money: { amountMinor: 5_000, currency: '???' } }), 'currency_mismatch');
  });

  it('does not take a webhook of success without an amount, but an answer to our own question', () => {
    assert.equal(kindOf({ money: null }), 'amount_mismatch');
    assert.equal(kindOf({ money: null, source: 'query' }), 'match');
    assert.equal(kindOf({ money: null, outcome: 'declined' }), 'match');
  });

  it('does not take one PSP for another', () => {
    assert.equal(kindOf({ psp: 'beta' }), 'unknown_payment');
  });
});
