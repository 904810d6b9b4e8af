/**
 * Goal: the hunt finds what is planted, only that, and always the same. Method: a few mutants
 * that show early, by real runs in virtual time; the whole hunt is `assay mutants`.
 */
import assert from 'node:assert/strict';
import { closeVirtualDatabase } from '../drivers/index.ts';
import { INVARIANTS } from '../invariants/index.ts';
import { runScenario, type RunResult } from '../runner/run-scenario.ts';
import { onlyNet } from './bugs/only-net.ts';
import { huntMutant } from './hunt.ts';
import { MUTANTS } from './list.ts';
import type { Mutant } from './mutant.ts';
import { replayToken } from './replay-token.ts';
import { runMutants } from './run-mutants.ts';
import { findStory, storyNames } from './stories.ts';

/** Shown by generated runs within a few seeds, and by a story that was written for it. */
const EARLY = 'credits-more-than-captured';
const WRITTEN_FOR = 'counts-days-by-the-servers-clock';

const mutantOf = (name: string): Mutant => {
  const found = MUTANTS.find((mutant) => mutant.name === name);
  assert.ok(found !== undefined, name);
  return found;
};

const run = (story: string, mutant?: Pick<Mutant, 'mutation'>): Promise<RunResult> => {
  const scenario = findStory(story)?.scenario;
  assert.ok(scenario !== undefined, story);
  return runScenario({
    scenario,
    seed: 1,
    driver: 'virtual',
    ...(mutant === undefined ? {} : { mutateService: mutant.mutation(() => undefined) }),
  });
};

describe('mutants', () => {
  after(() => closeVirtualDatabase());

  it('are forty at least, over all invariants, and say what they break under names that tokens can carry', () => {
    assert.ok(MUTANTS.length >= 40);
    assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
    for (const { name, title, breaks, against } of MUTANTS) {
      assert.match(name, /^[a-z]+(-[a-z]+)+$/);
      assert.match(breaks, /^[A-Z].*\.$/);
      assert.ok(title.length > 0 && title.length <= 70, title);
      assert.ok(
        INVARIANTS.some(({ id }) => id === against),
        `${name} is against ${against}`,
      );
    }
    const without = INVARIANTS.map(({ id }) => id).filter((id) => !MUTANTS.some(({ against }) => against === id));
    assert.deepEqual(without, []);
  });

  it('name only scenarios that exist, and every story of theirs is named', () => {
    const named = MUTANTS.flatMap(({ alsoIn = [] }) => alsoIn);
    const known = [...storyNames('library'), ...storyNames('written for it')];
    for (const name of named) assert.ok(known.includes(name), name);
    for (const name of storyNames('written for it')) assert.ok(named.includes(name), name);
  });

  it('are exposed by generated runs, each with its contradiction and a token that shows it again', async () => {
    const result = await runMutants({ seeds: 12, names: [EARLY], correctSeeds: 1, shrinkTries: 2, workers: 2 });
    assert.equal(result.detected, '1/1');
    assert.equal(result.caughtByGeneratedRuns, 1);
    assert.deepEqual([result.falseAlarms, result.inconclusive, result.passed], [[], [], 1]);
    const [mutant] = result.mutants;
    assert.ok(mutant !== undefined && mutant.small !== null && mutant.actedIn > 0);
    assert.ok(mutant.small.payments >= 1 && mutant.small.timelineLines >= 1);
    const again = await replayToken({
      kind: 'generated',
      seed: String(mutant.seed),
      driver: 'virtual',
      mutant: mutant.name,
    });
    const failed = again.invariants.filter(({ verdict }) => verdict === 'fail');
    assert.deepEqual(
      failed.map(({ id }) => id),
      mutant.by,
    );
    assert.equal(failed[0]?.violations[0]?.contradiction, mutant.contradiction);
    assert.equal(again.report.replay, mutant.replay);
  });

  it('that generated runs do not show are tried in scenarios, and the outcome says in which', async () => {
    const outcome = await huntMutant(mutantOf(WRITTEN_FOR), { seeds: 0, shrinkTries: 0, onSeed: () => undefined });
    assert.deepEqual(
      [outcome.caught, outcome.found, outcome.scenario, outcome.by],
      [true, 'written for it', 'limits-around-midnight', ['I19']],
    );
    assert.equal(outcome.replay, `node bin/assay.js replay limits-around-midnight:1:${WRITTEN_FOR}`);
  });

  it('do not count as caught when another thing failed than their bug', async () => {
    const mutant = mutantOf(WRITTEN_FOR);
    const mute: Mutant = { ...mutant, mutation: () => mutant.mutation(() => undefined) };
    const outcome = await huntMutant(mute, { seeds: 0, shrinkTries: 0, onSeed: () => undefined });
    assert.equal(outcome.caught, false);
    assert.match(outcome.broken[0]?.error ?? '', /I19 failed although the mutated part did not act/);
  });

  it('leave nothing behind: the correct service runs as before', async () => {
    const before = await run('happy-day');
    assert.equal(before.verdict, 'pass');
    const alteringTheSchema = mutantOf('credits-by-answer-and-by-webhook');
    assert.equal((await run('happy-day', alteringTheSchema)).verdict, 'fail');
    assert.equal((await run('happy-day')).fingerprint, before.fingerprint);
  });

  it('share a frame that is sound itself: with the true inbox nothing is wrong', async () => {
    const sound: Pick<Mutant, 'mutation'> = { mutation: () => onlyNet((shipped) => shipped) };
    assert.equal((await run('duplicate-burst', sound)).verdict, 'pass');
  });

  it('refuse names and numbers that make no sense', async () => {
    await assert.rejects(
      runMutants({ seeds: 1, names: ['check-then-relax'] }),
      /there is no mutant "check-then-relax"/,
    );
    await assert.rejects(runMutants({ seeds: 0 }), /0 is no number of seeds/);
  });
});
