/**
 * Goal: no false alarms, no false passes. Method: every benign story, alone and in random
 * mixtures, must be accepted by every invariant; a history without observations must come out
 * as unknown; worst verdict wins.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BENIGN_DEPOSITS, BENIGN_PAYOUTS } from '../history/test/benign-stories.ts';
import { BENIGN_SETTLEMENTS } from '../history/test/benign-settlements.ts';
import type { StoryInput } from '../history/test/benign-stories.ts';
import { SoundWorld } from '../history/test/sound-world.ts';
import { judgeHistory } from './judge.ts';
import type { JudgedRun } from './judge.ts';

const STORIES = { ...BENIGN_DEPOSITS, ...BENIGN_PAYOUTS, ...BENIGN_SETTLEMENTS };

const INPUT: StoryInput = {
  n: 1,
  t: 1000,
  player: 'player-1',
  amountMinor: 5000,
  currency: 'EUR',
  psp: 'stripe',
  other: 'adyen',
};

/** What did not pass, in words, for the assertion's message. */
function complaints(judged: JudgedRun): string[] {
  return judged.invariants.flatMap((invariant) =>
    invariant.verdict === 'fail'
      ? invariant.violations.map((violation) => `${invariant.id}: ${violation.contradiction}`)
      : invariant.verdict === 'unknown'
        ? [`${invariant.id} unknown: ${invariant.reason ?? ''}`]
        : [],
  );
}

describe('judging a history', () => {
  for (const [name, play] of Object.entries(STORIES)) {
    it(`accepts a sound run: ${name}`, () => {
      const world = new SoundWorld();
      play(world, INPUT);
      const judged = judgeHistory(world.finish());
      assert.deepEqual(complaints(judged), []);
      assert.equal(judged.verdict, 'pass');
      assert.equal(judged.exitCode, 0);
    });
  }

  it('accepts any mixture of sound stories, at any time, in any currency', () => {
    const one = fc.record({
      name: fc.constantFrom(...Object.keys(STORIES)),
      t: fc.integer({ min: 0, max: 80_000_000 }),
      player: fc.constantFrom('player-1', 'player-2'),
      amountMinor: fc.integer({ min: 1, max: 10_000_000 }),
      currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
      flip: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 12 }), (plan) => {
        const world = new SoundWorld();
        for (const [n, { name, flip, ...input }] of plan.entries()) {
          const [psp, other] = flip ? ['adyen', 'stripe'] : ['stripe', 'adyen'];
          STORIES[name]?.(world, { ...input, n, psp, other });
        }
        assert.deepEqual(complaints(judgeHistory(world.finish())), []);
      }),
      { numRuns: 200 },
    );
  });

  it('calls a run unknown when nothing was observed', () => {
    const world = new SoundWorld();
    BENIGN_DEPOSITS['plain']?.(world, INPUT);
    BENIGN_PAYOUTS['payout paid']?.(world, { ...INPUT, n: 2 });
    const judged = judgeHistory(
      world.finish({ without: ['payment', 'payout', 'wallets', 'entries', 'ledger', 'cases'] }),
    );
    assert.equal(judged.verdict, 'unknown');
    assert.equal(judged.exitCode, 2);
    const verdicts = Object.fromEntries(judged.invariants.map((invariant) => [invariant.id, invariant.verdict]));
    for (const id of ['I1', 'I2', 'I5', 'I6', 'I8', 'I12']) assert.equal(verdicts[id], 'unknown', id);
    assert.ok(!Object.values(verdicts).includes('fail'));
  });

  it('calls an empty history unknown, and lists every invariant as not applicable', () => {
    const judged = judgeHistory([]);
    assert.equal(judged.verdict, 'unknown');
    assert.ok(judged.invariants.every((invariant) => invariant.verdict === 'not-applicable'));
  });

  it('lists what the traffic does not put to the test as not applicable, and says unknown when a scenario insists', () => {
    const world = new SoundWorld();
    BENIGN_DEPOSITS['plain']?.(world, INPUT);
    const events = world.finish();
    assert.equal(judgeHistory(events).invariants.find((invariant) => invariant.id === 'I6')?.verdict, 'not-applicable');
    const insisting = judgeHistory(events, { applicable: ['I1', 'I6'] });
    assert.equal(insisting.invariants.find((invariant) => invariant.id === 'I6')?.reason, 'nothing observed');
    assert.equal(insisting.verdict, 'unknown');
  });

  it('is unknown, not a pass, when the scenario did not see what it wanted to see', () => {
    const world = new SoundWorld();
    BENIGN_DEPOSITS['plain']?.(world, INPUT);
    const judged = judgeHistory(world.finish(), {
      expectations: [{ text: 'fault answer-lost hits at least once', met: false }],
    });
    assert.equal(judged.verdict, 'unknown');
    assert.equal(judged.exitCode, 2);
  });

  it('counts what the run contained', () => {
    const world = new SoundWorld();
    BENIGN_DEPOSITS['webhook a day late, and three copies']?.(world, INPUT);
    world.story.tell(5, {
      proc: 'nemesis',
      type: 'fault',
      f: 'hang',
      key: 'att_1',
      value: { fault_id: 'f1', psp: 'stripe', operation: 'create-payment' },
    });
    world.story.tell(4, {
      proc: 'nemesis',
      type: 'fault',
      f: 'hang',
      value: { fault_id: 'f1', psp: 'stripe', phase: 'begin' },
    });
    const { counts } = judgeHistory(world.finish());
    assert.deepEqual(
      { ...counts, events: 0 },
      { payments: 1, payouts: 0, events: 0, deliveries: 4, exchanges: 1, faults_hit: { hang: 1 } },
    );
  });
});
