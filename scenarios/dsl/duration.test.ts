import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DURATION_PATTERN, durationMs, durationText, isDuration } from './duration.ts';
import { scenarioSchema } from './check-shape.ts';

describe('durations', () => {
  it('are read in each unit', () => {
    assert.deepEqual(
      ['250ms', '30s', '5m', '2h', '3d', '1.5s', '0s'].map(durationMs),
      [250, 30_000, 300_000, 7_200_000, 259_200_000, 1_500, 0],
    );
  });

  it('come back as they were written, in whatever unit is shortest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (ms) => assert.equal(durationMs(durationText(ms)), ms)),
    );
    assert.equal(durationText(5_400_000), '90m');
    assert.equal(durationText(172_800_000), '2d');
  });

  it('refuse a number without unit, a space, a sign and two units', () => {
    for (const text of ['90', '90 s', '-1s', '1h30m', '', '01s', '1w']) {
      assert.equal(isDuration(text), false, text);
      assert.throws(() => durationMs(text), RangeError);
    }
  });

  it('have the same form in the JSON Schema', () => {
    const definitions = scenarioSchema()['$defs'] as Record<string, { pattern?: string }>;
    assert.equal(definitions['duration']?.pattern, DURATION_PATTERN);
  });
});
