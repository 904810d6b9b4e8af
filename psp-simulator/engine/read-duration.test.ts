import assert from 'node:assert/strict';
import { readDuration } from './read-duration.ts';

describe('readDuration', () => {
  const known: readonly (readonly [unknown, number])[] = [
    [0, 0],
    [1.5, 1.5],
    ['250ms', 250],
    ['5 s', 5_000],
    ['1.5s', 1_500],
    ['90 minutes', 5_400_000],
    ['2h', 7_200_000],
    ['3 days', 259_200_000],
    ['1 Day', 86_400_000],
    ['P3D', 259_200_000],
    ['P1W', 604_800_000],
    ['PT90M', 5_400_000],
    ['P1DT2H3M4.5S', 93_784_500],
  ];
  for (const [value, ms] of known) {
    it(`reads ${JSON.stringify(value)}`, () => assert.equal(readDuration(value), ms));
  }

  for (const value of [-1, NaN, Infinity, '', '5', '5 fortnights', 'P', 'PT', 'P1M', 'P1Y', '-5 s', null, [5], {}]) {
    it(`takes ${JSON.stringify(value)} for none`, () => assert.equal(readDuration(value), undefined));
  }
});
