/** Goal: a disagreement of the drivers cannot hide, and silence of one is not taken for one. */
import assert from 'node:assert/strict';
import type { JudgedInvariant } from '../../scenarios/index.ts';
import { compareSafety } from './compare.ts';

type Verdicts = Record<string, JudgedInvariant['verdict']>;

const of = (verdicts: Verdicts): Pick<JudgedInvariant, 'id' | 'verdict'>[] =>
  Object.entries(verdicts).map(([id, verdict]) => ({ id, verdict }));

describe('two drivers that judge one scenario', () => {
  it('agree where both pass, and where both find the violation', () => {
    const { agree, disagree } = compareSafety(of({ I1: 'pass', I8: 'fail' }), of({ I1: 'pass', I8: 'fail' }));
    assert.deepEqual([agree, disagree], [['I1', 'I8'], []]);
  });

  it('disagree where one finds a violation, whatever the other says', () => {
    const virtual = of({ I1: 'pass', I5: 'fail', I6: 'fail', I7: 'unknown' });
    const http = of({ I1: 'fail', I5: 'pass', I6: 'not-applicable', I7: 'fail' });
    assert.deepEqual(compareSafety(virtual, http).disagree, [
      'I1: pass ↔ fail',
      'I5: fail ↔ pass',
      'I6: fail ↔ not-applicable',
      'I7: unknown ↔ fail',
    ]);
  });

  it('count a pass beside silence for neither, and silence on both for nothing', () => {
    const virtual = of({ I2: 'pass', I9: 'unknown', I18: 'pass' });
    const { agree, disagree, oneSided } = compareSafety(virtual, of({ I2: 'not-applicable', I9: 'not-applicable' }));
    assert.deepEqual([agree, disagree, oneSided], [[], [], ['I2', 'I18']]);
  });

  it('are not asked whether everything came to rest in time', () => {
    assert.deepEqual(compareSafety(of({ I12: 'fail' }), of({ I12: 'pass' })).disagree, []);
  });
});
