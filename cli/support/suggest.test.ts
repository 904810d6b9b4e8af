import assert from 'node:assert/strict';
import fc from 'fast-check';
import { didYouMean, editDistance, nearest } from './suggest.ts';

describe('suggestions', () => {
  it('find the word that was meant', () => {
    const verbs = ['run', 'replay', 'mutants', 'check'];
    assert.equal(nearest('replya', verbs), 'replay');
    assert.equal(nearest('mutant', verbs), 'mutants');
    assert.equal(nearest('Check', verbs), 'check');
  });

  it('stay silent when nothing is near', () => {
    assert.equal(nearest('deploy-everything', ['run', 'replay']), undefined);
    assert.equal(didYouMean('deploy', ['run', 'up']), 'Allowed: run, up.');
  });

  it('count single edits as one, a swap of neighbours too', () => {
    assert.equal(editDistance('stripe', 'stripe'), 0);
    assert.equal(editDistance('stripe', 'strip'), 1);
    assert.equal(editDistance('stripe', 'tsripe'), 1);
    assert.equal(editDistance('', 'acme'), 4);
  });

  it('measure the same in both directions and never more than the longer word', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.ok(editDistance(a, b) <= Math.max(a.length, b.length));
      }),
    );
  });
});
