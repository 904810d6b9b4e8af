/**
 * One piece of the hunt: a mutant against generated runs until an invariant fails, then against
 * the scenarios that put it to the test, or the correct service against one seed. Runs in this
 * process, one run after the other.
 */
import type { Scenario } from '../dsl/index.ts';
import { formatToken, generateScenario, type ReplayToken } from '../explore/index.ts';
import type { RunResult } from '../runner/run-scenario.ts';
import { carryOut, runMutated } from './run-mutated.ts';
import { shrinkCatch, type SmallCatch } from './shrink-catch.ts';
import { findStory, type Story } from './stories.ts';
import type { Mutant } from './mutant.ts';

/** Each scenario that a mutant names is played with seeds 1 to this number. */
const SEEDS_OF_A_STORY = 3;

/** What became of one mutant. */
export interface MutantOutcome {
  name: string;
  title: string;
  breaks: string;
  precedent?: string;
  /** The invariant that says what is broken. */
  against: string;
  caught: boolean;
  /** What exposed it: generated runs, a scenario of the library, or one that was written for it. */
  found: 'generated' | Story['from'] | null;
  /** Name of the scenario that exposed it. */
  scenario: string | null;
  /** Ids of the invariants that failed, in the order of the catalogue. */
  by: string[];
  /** The seed that exposed it. */
  seed: number | null;
  /** Generated runs that were carried out. */
  seedsTried: number;
  /** Runs in which the mutated part acted otherwise than the shipped one. */
  actedIn: number;
  /** The first contradiction in one sentence. */
  contradiction: string | null;
  replay: string | null;
  /** The smallest scenario that was found for it; null where none was looked for. */
  small: SmallCatch | null;
  /** Runs that the harness could not carry out. */
  broken: { seed: number; error: string }[];
}

/** What became of the correct service under one seed. */
export interface CorrectOutcome {
  seed: number;
  /** `broken`: the harness could not carry the run out. */
  verdict: RunResult['verdict'] | 'broken';
  by: string[];
  /** The contradiction, or why nothing could be said. */
  reason: string | null;
  replay: string;
}

export interface HuntOptions {
  /** Generated runs: seeds 1 to this number. */
  seeds: number;
  /** Tries to make the counterexample smaller; 0: none. */
  shrinkTries: number;
  /** Is told after each run. */
  onSeed: (seed: number) => void;
}

interface Trial {
  scenario: Scenario;
  seed: number;
  found: 'generated' | Story['from'];
}

export async function huntMutant(mutant: Mutant, options: HuntOptions): Promise<MutantOutcome> {
  const { name, title, breaks, against, precedent } = mutant;
  const outcome: MutantOutcome = {
    ...{ name, title, breaks, against, ...(precedent === undefined ? {} : { precedent }) },
    ...{ caught: false, found: null, scenario: null, by: [], seed: null, seedsTried: 0, actedIn: 0 },
    ...{ contradiction: null, replay: null, small: null, broken: [] },
  };
  for (const trial of trialsOf(mutant, options.seeds)) {
    const { scenario, seed, found } = trial;
    if (found === 'generated') outcome.seedsTried += 1;
    const { result, acted } = await runMutated(mutant, scenario, seed);
    options.onSeed(seed);
    if (acted) outcome.actedIn += 1;
    if ('error' in result) outcome.broken.push({ seed, error: result.error });
    else if (result.verdict === 'fail' && !acted)
      outcome.broken.push({
        seed,
        error: `${failedOf(result).by.join(', ')} failed although the mutated part did not act`,
      });
    else if (result.verdict === 'fail') {
      const { by, reason } = failedOf(result);
      const small =
        found === 'generated' ? await shrinkCatch(mutant, { scenario, seed, result }, options.shrinkTries) : null;
      return {
        ...outcome,
        ...{ caught: true, found, scenario: scenario.name, by, seed, contradiction: reason, small },
        replay: replayCommand(tokenOf(trial, name)),
      };
    }
  }
  return outcome;
}

function* trialsOf({ alsoIn = [] }: Mutant, seeds: number): Generator<Trial> {
  for (let seed = 1; seed <= seeds; seed += 1) yield { scenario: generateScenario(seed), seed, found: 'generated' };
  for (const name of alsoIn) {
    const story = findStory(name);
    if (story === undefined) throw new Error(`Bug: there is no scenario ${name}`);
    for (let seed = 1; seed <= SEEDS_OF_A_STORY; seed += 1) yield { scenario: story.scenario, seed, found: story.from };
  }
}

export async function checkCorrect(seed: number): Promise<CorrectOutcome> {
  const scenario = generateScenario(seed);
  const replay = replayCommand({ kind: 'generated', seed: String(seed), driver: 'virtual' });
  const result = await carryOut(scenario, seed, undefined);
  if ('error' in result) return { seed, verdict: 'broken', by: [], reason: result.error, replay };
  if (result.verdict === 'pass') return { seed, verdict: 'pass', by: [], reason: null, replay };
  return {
    seed,
    verdict: result.verdict,
    ...(result.verdict === 'fail' ? failedOf(result) : unseenBy(result)),
    replay,
  };
}

function tokenOf({ scenario, seed, found }: Trial, mutant: string): ReplayToken {
  const base = { seed: String(seed), driver: 'virtual', mutant } as const;
  return found === 'generated' ? { ...base, kind: 'generated' } : { ...base, kind: 'library', scenario: scenario.name };
}

function replayCommand(token: ReplayToken): string {
  return `node bin/assay.js replay ${formatToken(token)}`;
}

function failedOf(result: RunResult): { by: string[]; reason: string | null } {
  const failed = result.invariants.filter(({ verdict }) => verdict === 'fail');
  return { by: failed.map(({ id }) => id), reason: failed[0]?.violations[0]?.contradiction ?? null };
}

function unseenBy(result: RunResult): { by: string[]; reason: string | null } {
  const unseen = result.invariants.filter(({ verdict }) => verdict === 'unknown');
  return { by: unseen.map(({ id }) => id), reason: unseen[0]?.reason ?? null };
}
