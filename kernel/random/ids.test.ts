/** Goal: ids are distinct, of the promised form, and repeatable where they should be. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Ids } from './ids.ts';
import { createKeyedIds } from './keyed-ids.ts';
import { createRandomIds } from './random-ids.ts';

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const sources: Record<string, () => Ids> = { random: createRandomIds, keyed: () => createKeyedIds('seed') };

for (const [name, create] of Object.entries(sources)) {
  describe(`${name} ids`, () => {
    it('are distinct and of the promised form', () => {
      const ids = create();
      const made = Array.from({ length: 3_000 }, () => ids.next('pay'));
      for (const id of made) assert.match(id, /^pay_[0-9A-Za-z]{22}$/);
      const uuids = Array.from({ length: 3_000 }, () => ids.uuid());
      for (const uuid of uuids) assert.match(uuid, UUID_4);
      assert.equal(new Set([...made, ...uuids]).size, 6_000);
    });
  });
}

describe('keyed ids', () => {
  it('depend on the seed and on the count of their own prefix only', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(5), (seed, others) => {
        const plain = createKeyedIds(seed);
        const mixed = createKeyedIds(seed);
        for (let index = 0; index < others; index += 1) mixed.next('other');
        assert.equal(mixed.next('pay'), plain.next('pay'));
        assert.notEqual(createKeyedIds(`${seed}!`).next('pay'), createKeyedIds(seed).next('pay'));
      }),
    );
  });
});
