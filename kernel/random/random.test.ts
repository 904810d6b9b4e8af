/** Goal: draws depend on seed, label and keys alone, and are uniform. Method: properties, and a coarse chi-square. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hashParts } from './hash.ts';
import { createKeyedRandom } from './keyed-random.ts';

const key = fc.oneof(fc.string(), fc.integer());
const keys = fc.array(key, { maxLength: 4 });

describe('keyed random', () => {
  it('gives the same draw for the same seed, label and keys, in [0, 1), whatever was drawn before', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), keys, keys, (seed, label, own, others) => {
        const disturbed = createKeyedRandom(seed);
        disturbed.unit('other', ...others);
        const draw = disturbed.unit(label, ...own);
        assert.equal(draw, createKeyedRandom(seed).unit(label, ...own));
        assert.ok(draw >= 0 && draw < 1);
      }),
    );
  });

  it('never confuses different lists of keys', () => {
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        const same =
          a.length === b.length &&
          a.every((part, index) => typeof part === typeof b[index] && String(part) === String(b[index]));
        assert.equal(hashParts(a).equals(hashParts(b)), same);
      }),
    );
    assert.ok(!hashParts(['ab', 'c']).equals(hashParts(['a', 'bc'])));
    assert.ok(!hashParts([1]).equals(hashParts(['1'])));
  });

  it('keeps integers in their range and picks items of the list', () => {
    const random = createKeyedRandom('range');
    fc.assert(
      fc.property(fc.integer(), fc.nat(1000), fc.nat(), (min, width, index) => {
        const value = random.integer({ min, max: min + width }, 'n', index);
        assert.ok(Number.isInteger(value) && value >= min && value <= min + width);
      }),
    );
    assert.ok(['x', 'y'].includes(random.pick(['x', 'y'], 'item', 1)));
    assert.throws(() => random.pick([], 'item'), /empty/);
    assert.throws(() => random.integer({ min: 2, max: 1 }, 'n'), /range/);
  });

  it('spreads draws evenly', () => {
    const random = createKeyedRandom('even');
    const counts = new Array<number>(10).fill(0);
    const draws = 20_000;
    for (let index = 0; index < draws; index += 1) {
      const bucket = Math.floor(random.unit('u', index) * 10);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - draws / 10) ** 2 / (draws / 10), 0);
    // 99.9 % quantile for 9 degrees of freedom; the seed is fixed, so this never flickers.
    assert.ok(chiSquare < 27.88, `chi-square ${chiSquare}`);
    const hits = Array.from({ length: draws }, (_, index) => random.chance(0.1, 'c', index)).filter(Boolean).length;
    assert.ok(Math.abs(hits / draws - 0.1) < 0.01, `hits ${hits}`);
  });

  it('forks children that are independent of the parent, and repeatable', () => {
    const parent = createKeyedRandom('p');
    const child = parent.fork('psp', 'stripe');
    assert.equal(child.unit('a'), createKeyedRandom('p').fork('psp', 'stripe').unit('a'));
    assert.notEqual(child.unit('a'), parent.unit('a'));
    assert.notEqual(child.unit('a'), parent.fork('psp', 'adyen').unit('a'));
  });

  it('gives hexadecimal text of any length', () => {
    const random = createKeyedRandom('h');
    assert.match(random.hex(100, 'k'), /^[0-9a-f]{200}$/);
    assert.equal(random.hex(0, 'k'), '');
    assert.ok(random.hex(100, 'k').startsWith(random.hex(5, 'k')));
  });
});
