/**
 * Goal: no defect is missed. Method: every broken story must be found by its invariant, alone
 * and hidden among sound payments at random times, with a sentence that names the payment and
 * witnesses that exist; and every benign story still passes beside it.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BENIGN_DEPOSITS } from '../history/test/benign-stories.ts';
import type { StoryInput } from '../history/test/benign-stories.ts';
import { BROKEN } from '../history/test/broken-stories.ts';
import type { BrokenStory } from '../history/test/broken-stories.ts';
import { SoundWorld } from '../history/test/sound-world.ts';
import { judgeHistory } from './judge.ts';
import type { JudgedInvariant } from './judge.ts';
import { INVARIANTS } from './registry.ts';

const INPUT: StoryInput = {
  n: 1,
  t: 1000,
  player: 'player-1',
  amountMinor: 5000,
  currency: 'EUR',
  psp: 'stripe',
  other: 'adyen',
};

function judged(world: SoundWorld, broken: BrokenStory): JudgedInvariant {
  const events = world.finish();
  const run = judgeHistory(events);
  const found = run.invariants.find((invariant) => invariant.id === broken.invariant);
  assert.ok(found);
  assert.equal(found.verdict, 'fail', `${broken.invariant} missed it: ${JSON.stringify(found)}`);
  assert.equal(run.verdict, 'fail');
  assert.equal(run.exitCode, 1);
  for (const violation of found.violations) {
    assert.ok(violation.witnesses.length > 0, 'a violation without witnesses');
    assert.ok(
      violation.witnesses.every((index) => events[index]?.i === index),
      'a witness that does not exist',
    );
    assert.match(violation.contradiction, /^[A-Z][^\n]*\.$/, 'one sentence with a full stop');
    assert.doesNotMatch(violation.contradiction, /undefined|NaN|null|\[object/);
  }
  return found;
}

describe('finding violations', () => {
  for (const broken of BROKEN) {
    it(`${broken.invariant} finds: ${broken.name}`, () => {
      const world = new SoundWorld();
      broken.play(world, INPUT);
      const found = judged(world, broken);
      assert.match(found.violations.map((violation) => violation.contradiction).join('\n'), broken.says);
    });
  }

  it('has several broken stories for every invariant of the catalogue', () => {
    for (const { id } of INVARIANTS) assert.ok(BROKEN.filter((broken) => broken.invariant === id).length >= 2, id);
  });

  it('finds a broken payment among sound ones, whatever else happens', () => {
    const neighbour = fc.record({
      name: fc.constantFrom(...Object.keys(BENIGN_DEPOSITS).filter((name) => !name.includes('case'))),
      t: fc.integer({ min: 0, max: 40_000_000 }),
      amountMinor: fc.integer({ min: 1, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...BROKEN),
        fc.integer({ min: 0, max: 40_000_000 }),
        fc.integer({ min: 2, max: 1_000_000 }),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        fc.array(neighbour, { maxLength: 6 }),
        (broken, t, amountMinor, currency, neighbours) => {
          const world = new SoundWorld();
          for (const [n, { name, ...rest }] of neighbours.entries()) {
            BENIGN_DEPOSITS[name]?.(world, {
              ...rest,
              n: n + 10,
              player: `player-${(n % 2) + 2}`,
              currency,
              psp: 'stripe',
              other: 'adyen',
            });
          }
          broken.play(world, { ...INPUT, t, amountMinor, currency });
          const found = judged(world, broken);
          assert.match(found.violations.map((violation) => violation.contradiction).join('\n'), broken.says);
          // Sound neighbours are not blamed.
          for (const violation of found.violations) assert.doesNotMatch(violation.payment ?? '', /_1\d$/);
        },
      ),
      { numRuns: 300 },
    );
  });
});
