import assert from 'node:assert/strict';
import { histogramOf } from './histogram.ts';
import { kneeOf, kneeText } from './knee.ts';
import type { Measurement } from './measure.ts';
import { rateAt, secondsOf, stretched } from './lib/k6/profile.ts';
import { readProfile } from './choices.ts';

const ramp = readProfile('ramp');

/** A slice every ten seconds with 25 operations that all took what `ms` says. */
function course(ms: (second: number) => number): Measurement {
  const slices = Array.from({ length: 60 }, (_, n) => n * 10).map((second) => ({
    ...{ second, started: 25, done: 25 },
    observed: histogramOf(Array.from({ length: 25 }, () => ms(second))),
  }));
  return { groups: [], slices, sliceSeconds: 10, errors: {} };
}

describe('the knee of a ramp', () => {
  it('is the rate from which on the p95 stays above the line', () => {
    const knee = kneeOf(
      ramp,
      course((second) => (second < 300 ? 200 : 2_000)),
    );
    assert.equal(Math.round(knee?.perSecond ?? 0), Math.round(rateAt(ramp, 300)));
    assert.match(knee === null ? '' : kneeText(knee), /the knee is at about 53 operations per second/);
  });

  it('is not a slow moment that passes', () => {
    const knee = kneeOf(
      ramp,
      course((second) => (second === 300 ? 5_000 : 200)),
    );
    assert.equal(knee?.perSecond, null);
    assert.match(knee === null ? '' : kneeText(knee), /no knee up to 100/);
  });

  it('is looked for only where the rate rises all the time', () => {
    assert.equal(
      kneeOf(
        readProfile('spike'),
        course(() => 200),
      ),
      null,
    );
    assert.equal(
      kneeOf(
        readProfile('steady'),
        course(() => 200),
      ),
      null,
    );
  });

  it('is unknown without samples', () => assert.equal(kneeOf(ramp, { ...course(() => 1), slices: [] }), null));
});

describe('a profile of another length', () => {
  it('has the same rates at the same shares of its time', () => {
    for (const name of ['ramp', 'spike']) {
      const profile = readProfile(name);
      const shorter = stretched(profile, 30);
      assert.ok(Math.abs(secondsOf(shorter) - 30) < 0.01);
      for (const share of [0, 0.25, 0.5, 0.75]) {
        const [whole, part] = [rateAt(profile, secondsOf(profile) * share), rateAt(shorter, 30 * share)];
        assert.ok(Math.abs(whole - part) < 0.5, `${name} at ${share}: ${whole} and ${part}`);
      }
    }
  });
});
