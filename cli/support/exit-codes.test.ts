import assert from 'node:assert/strict';
import { EXIT, worstExitCode } from './exit-codes.ts';

describe('exit codes', () => {
  it('are 0 when everything passed', () => {
    assert.equal(worstExitCode([]), EXIT.pass);
    assert.equal(worstExitCode([0, 0]), EXIT.pass);
  });

  it('put a broken tool before a broken invariant, and that before an inconclusive run', () => {
    assert.equal(worstExitCode([0, 1, 2, 3, 99, 254, 255]), EXIT.internal);
    assert.equal(worstExitCode([0, 1, 2, 3, 99, 254]), EXIT.usage);
    assert.equal(worstExitCode([0, 1, 2, 3, 99]), EXIT.otherHistory);
    assert.equal(worstExitCode([0, 1, 2, 99]), EXIT.violated);
    assert.equal(worstExitCode([0, 2, 99]), EXIT.inconclusive);
    assert.equal(worstExitCode([0, 99]), EXIT.thresholdMissed);
  });

  it('never hide a code that is not in the table', () => {
    assert.equal(worstExitCode([0, 42]), 42);
  });
});
