import assert from 'node:assert/strict';
import fc from 'fast-check';
import { editDistance, nearestWord } from './nearest-word.ts';

describe('the nearest word', () => {
  it('is the one that was meant', () => {
    const verbs = ['run', 'replay', 'mutants', 'check', 'webhook-lost'];
    assert.equal(nearestWord('replya', verbs), 'replay');
    assert.equal(nearestWord('mutant', verbs), 'mutants');
    assert.equal(nearestWord('Check', verbs), 'check');
    assert.equal(nearestWord('webhook_lost', verbs), 'webhook-lost');
  });

  it('is none when nothing is near', () => {
    assert.equal(nearestWord('deploy-everything', ['run', 'replay']), undefined);
    assert.equal(nearestWord('x', []), undefined);
  });

  it('counts single edits as one, a swap of neighbours too', () => {
    assert.equal(editDistance('stripe', 'stripe'), 0);
    assert.equal(editDistance('stripe', 'strip'), 1);
    assert.equal(editDistance('stripe', 'tsripe'), 1);
    assert.equal(editDistance('', 'acme'), 4);
  });

  it('measures the same in both directions and never more than the longer word', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.ok(editDistance(a, b) <= Math.max(a.length, b.length));
      }),
    );
  });
});
