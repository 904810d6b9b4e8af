import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BoundedMap } from './bounded-map.ts';

const LIMIT = 10;

describe('BoundedMap', () => {
  it('always knows the newest entries, and never more than twice as many', () => {
    const keys = fc.array(fc.integer({ min: 0, max: 60 }).map(String), { maxLength: 200 });
    fc.assert(
      fc.property(keys, (written) => {
        const map = new BoundedMap<number>(LIMIT);
        const newest = new Map<string, number>();
        written.forEach((key, index) => {
          map.set(key, index);
          newest.delete(key);
          newest.set(key, index);
        });
        for (const [key, index] of [...newest].slice(-LIMIT)) assert.equal(map.get(key), index);
        assert.ok(map.size <= LIMIT * 2);
      }),
    );
  });

  it('forgets the oldest', () => {
    const map = new BoundedMap<number>(LIMIT);
    for (let n = 0; n <= LIMIT * 2; n += 1) map.set(`k${n}`, n);
    assert.equal(map.get('k0'), undefined);
    assert.equal(map.get(`k${LIMIT * 2}`), LIMIT * 2);
  });

  it('deletes and sweeps in both generations', () => {
    const map = new BoundedMap<number>(2);
    for (let n = 0; n < 4; n += 1) map.set(`k${n}`, n);
    map.delete('k0');
    map.sweep((value) => value === 3);
    assert.deepEqual(
      ['k0', 'k1', 'k2', 'k3'].map((key) => map.get(key)),
      [undefined, 1, 2, undefined],
    );
    map.clear();
    assert.equal(map.size, 0);
  });
});
