/** A partner's test values stand where ours stood, and in no longer word. */
import assert from 'node:assert/strict';
import { testValueSwap } from './test-values.ts';

describe('test values of a partner', () => {
  it('stand in the place of ours, but not inside a longer word', () => {
    const swap = testValueSwap({ pm_card_visa: 'pm_theirs', 'a.b': 'c' });
    assert.equal(swap('method=pm_card_visa&x=pm_card_visa_declined'), 'method=pm_theirs&x=pm_card_visa_declined');
    assert.equal(swap('{"a":"a.b","b":"aXb"}'), '{"a":"c","b":"aXb"}');
  });

  it('may be exchanged for each other', () => {
    assert.equal(testValueSwap({ one: 'two', two: 'one' })('one two'), 'two one');
  });

  it('change nothing when there are none', () => {
    assert.equal(testValueSwap({})('pm_card_visa'), 'pm_card_visa');
  });
});
