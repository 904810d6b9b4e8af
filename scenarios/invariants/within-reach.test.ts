/** What a judgement of a foreign target may claim: nothing that its clock or its file does not allow. */
import assert from 'node:assert/strict';
import type { ForeignTargetNote } from '../history/note-vocabulary.ts';
import type { RunModel } from '../history/index.ts';
import type { Judgement, Violation } from './invariant.ts';
import { withinReach } from './within-reach.ts';

const NOTE: ForeignTargetNote = { name: 'shop', compression: 20, test_clock: false, not_described: {} };

/** A run of an hour. */
function run(target: Partial<ForeignTargetNote> | undefined): RunModel {
  const note = target === undefined ? {} : { target: { ...NOTE, ...target } };
  return { note, events: [{ t: 3_600_000 }] } as unknown as RunModel;
}

const hanging: Violation = { contradiction: 'It hangs.', witnesses: [1], facts: ['a', 'b'], liveness: true };
const { liveness: _liveness, ...lasting } = hanging;
const fail = (...violations: Violation[]): Judgement => ({ verdict: 'fail', checked: 1, violations });
const pass: Judgement = { verdict: 'pass', checked: 1, violations: [] };

describe('a judgement of a foreign target', () => {
  it('is unknown where only more time was needed and the target had less of it than the run', () => {
    const found = withinReach('I12', fail(hanging), run({}));
    assert.equal(found.verdict, 'unknown');
    assert.match(found.reason ?? '', /It hangs; but the run's time passed 20 times faster than the target's clock/);
  });

  it('stays a violation at the pace of the wall, with a test clock, and for what time does not mend', () => {
    assert.equal(withinReach('I12', fail(hanging), run({ compression: 1 })).verdict, 'fail');
    assert.equal(withinReach('I12', fail(hanging), run({ test_clock: true })).verdict, 'fail');
    assert.deepEqual(withinReach('I1', fail(hanging, lasting), run({})).violations, [lasting]);
    assert.equal(withinReach('I12', fail(hanging), run(undefined)).verdict, 'fail');
  });

  it('is no pass where the target would have done or forgotten something, had it had the time', () => {
    assert.equal(withinReach('I12', pass, run({ deadlines: { order: '30m' } })).verdict, 'unknown');
    assert.equal(withinReach('I1', pass, run({ memories: { keys: '30m' } })).verdict, 'unknown');
    // It came to pass at the target as well, or in neither.
    assert.equal(withinReach('I12', pass, run({ deadlines: { order: '1m' } })).verdict, 'pass');
    assert.equal(withinReach('I12', pass, run({ deadlines: { order: '2h' } })).verdict, 'pass');
    assert.equal(withinReach('I12', pass, run({ deadlines: { order: '30m' }, compression: 1 })).verdict, 'pass');
  });

  it('says what to add to the file where it could not see', () => {
    const blind: Judgement = {
      ...pass,
      verdict: 'unknown',
      reason: 'the cases were not read after the run had settled',
    };
    const found = withinReach('I1', blind, run({ not_described: { cases: 'observe.cases' } }));
    assert.match(found.reason ?? '', /settled\. Add to the target file: observe\.cases$/);
  });
});
