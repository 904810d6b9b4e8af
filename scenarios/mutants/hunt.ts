/**
 * One piece of the hunt: a mutant against the seeds until an invariant fails, or the correct
 * service against one seed. Runs in this process, one run after the other.
 */
import { messageOf } from '../../kernel/index.ts';
import { generateScenario } from '../explore/generate-scenario.ts';
import { formatToken } from '../explore/token.ts';
import { runScenario, type RunResult } from '../runner/run-scenario.ts';
import type { Mutant } from './mutant.ts';

/** What became of one mutant. */
export interface MutantOutcome {
  name: string;
  title: string;
  breaks: string;
  precedent?: string;
  caught: boolean;
  /** Ids of the invariants that failed, in the order of the catalogue. */
  by: string[];
  /** The seed that exposed it. */
  seed: number | null;
  seedsTried: number;
  /** The first contradiction in one sentence. */
  contradiction: string | null;
  replay: string | null;
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

/** @param onSeed is told after each run. */
export async function huntMutant(
  mutant: Mutant,
  seeds: number,
  onSeed: (seed: number) => void,
): Promise<MutantOutcome> {
  const { name, title, breaks, precedent } = mutant;
  const about = { name, title, breaks, ...(precedent === undefined ? {} : { precedent }) };
  const broken: MutantOutcome['broken'] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const result = await run(seed, mutant);
    onSeed(seed);
    if ('error' in result) broken.push({ seed, error: result.error });
    else if (result.verdict === 'fail') {
      const { by, reason } = failedOf(result);
      return {
        ...about,
        caught: true,
        by,
        seed,
        seedsTried: seed,
        contradiction: reason,
        replay: replayCommand(seed, name),
        broken,
      };
    }
  }
  return { ...about, caught: false, by: [], seed: null, seedsTried: seeds, contradiction: null, replay: null, broken };
}

export async function checkCorrect(seed: number): Promise<CorrectOutcome> {
  const replay = replayCommand(seed);
  const result = await run(seed);
  if ('error' in result) return { seed, verdict: 'broken', by: [], reason: result.error, replay };
  if (result.verdict === 'pass') return { seed, verdict: 'pass', by: [], reason: null, replay };
  return {
    seed,
    verdict: result.verdict,
    ...(result.verdict === 'fail' ? failedOf(result) : unseenBy(result)),
    replay,
  };
}

function replayCommand(seed: number, mutant?: string): string {
  const token = formatToken({
    kind: 'generated',
    seed: String(seed),
    driver: 'virtual',
    ...(mutant === undefined ? {} : { mutant }),
  });
  return `node bin/assay.js replay ${token}`;
}

async function run(seed: number, mutant?: Mutant): Promise<RunResult | { error: string }> {
  try {
    return await runScenario({
      scenario: generateScenario(seed),
      seed,
      driver: 'virtual',
      ...(mutant === undefined ? {} : { mutateService: mutant.mutation() }),
    });
  } catch (error) {
    return { error: messageOf(error) };
  }
}

function failedOf(result: RunResult): { by: string[]; reason: string | null } {
  const failed = result.invariants.filter(({ verdict }) => verdict === 'fail');
  return { by: failed.map(({ id }) => id), reason: failed[0]?.violations[0]?.contradiction ?? null };
}

function unseenBy(result: RunResult): { by: string[]; reason: string | null } {
  const unseen = result.invariants.filter(({ verdict }) => verdict === 'unknown');
  return { by: unseen.map(({ id }) => id), reason: unseen[0]?.reason ?? null };
}
