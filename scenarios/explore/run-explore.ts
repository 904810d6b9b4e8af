/**
 * Exploring: the corpus first, then fresh seeds, spread over workers; each failure is made smaller
 * and told once per invariant. Ends after so many seeds or so much time, whichever is asked for.
 */
import { availableParallelism } from 'node:os';
import { createRealClock, UserError } from '../../kernel/index.ts';
import { addCoverage, summarizeCoverage, type Coverage, type CoverageSummary } from '../coverage/index.ts';
import { closeVirtualDatabase } from '../drivers/index.ts';
import { scenarioSchema } from '../dsl/index.ts';
import { carryOutTasks } from '../workers/worker-pool.ts';
import {
  carryOutExploring,
  type ExploreResult,
  type ExploreTask,
  type SeedOutcome,
  type ShrunkOutcome,
} from './explore-seed.ts';
import { formatToken, parseToken } from './token.ts';

export interface ExploreOptions {
  /** So many fresh seeds; absent: as many as the time allows. */
  seeds?: number;
  /** Wall milliseconds after which no further seed is begun. */
  forMs?: number;
  /** Fresh seeds are 1, 2, 3 …; with a word they are `word-1`, `word-2` …. */
  word?: string;
  /** Tokens that are tried first. */
  corpus: readonly string[];
  mutant?: string;
  /** Every seed runs twice, and both histories must be the same. */
  audit?: boolean;
  /** Processes; default one for each core. 1 stays in this process. */
  jobs?: number;
  /** Runs that making one failure smaller may take. */
  mostTries?: number;
  color?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: ExploreProgress) => void;
}

export interface ExploreProgress {
  runs: number;
  /** Null when time decides. */
  total: number | null;
  virtualHours: number;
  runsPerSecond: number;
  exercised: number;
  feasible: number;
  /** Something worth a line: a failure, or what became of it. */
  line?: string;
}

export interface ExploreReport {
  runs: number;
  passed: number;
  failed: SeedOutcome[];
  inconclusive: SeedOutcome[];
  broken: SeedOutcome[];
  /** Audited seeds with two different histories. */
  otherHistories: SeedOutcome[];
  shrunk: ShrunkOutcome[];
  virtualHours: number;
  wallMs: number;
  runsPerSecond: number;
  coverage: CoverageSummary;
  cells: Coverage['cells'];
  stopped: boolean;
}

const MOST_TRIES = 150;

/** A mutant is found when it is found once; the service itself is searched to the end. */
const MOST_SHRUNK = 5;

const MS_PER_HOUR = 3_600_000;

/** Names of all kinds of faults, as the scenario format knows them. */
export function faultNames(): string[] {
  const schema = scenarioSchema() as { $defs: { fault: { properties: { fault: { enum: string[] } } } } };
  return schema.$defs.fault.properties.fault.enum;
}

/** @throws UserError when neither seeds nor time say where to end. */
export async function runExplore(options: ExploreOptions): Promise<ExploreReport> {
  if (options.seeds === undefined && options.forMs === undefined)
    throw new UserError('nothing says when to stop exploring', 'Give a number of seeds or a time.');
  const state = new Exploration(options);
  await carryOutTasks<ExploreTask, ExploreResult, never>(state.tasks(), {
    workers: options.jobs ?? availableParallelism(),
    program: new URL('./worker', import.meta.url).href,
    here: carryOutExploring,
    onSaid: () => undefined,
    onDone: (result) => state.take(result),
    closeHere: closeVirtualDatabase,
    signal: options.signal,
  });
  return state.report();
}

class Exploration {
  readonly #options: ExploreOptions;
  readonly #wall = createRealClock();
  readonly #startedMs = this.#wall.elapsed();
  readonly #faults = faultNames();
  readonly #toShrink: ExploreTask[] = [];
  readonly #shrunkFor = new Set<string>();
  readonly #outcomes: SeedOutcome[] = [];
  readonly #shrunk: ShrunkOutcome[] = [];
  #coverage: Coverage = { cells: {}, goals: [] };
  #runs = 0;
  #virtualMs = 0;
  #passed = 0;

  constructor(options: ExploreOptions) {
    this.#options = options;
  }

  /** Failures that wait to be made smaller go before further seeds. */
  *tasks(): Generator<ExploreTask> {
    for (const token of this.#tokens()) {
      yield* this.#waiting();
      if (this.#options.mutant !== undefined && this.#shrunkFor.size > 0) return;
      yield { kind: 'run', token, audit: this.#options.audit === true };
    }
    yield* this.#waiting();
  }

  *#waiting(): Generator<ExploreTask> {
    for (let task = this.#toShrink.shift(); task !== undefined; task = this.#toShrink.shift()) yield task;
  }

  *#tokens(): Generator<string> {
    const { corpus, seeds = Infinity, forMs = Infinity, word, mutant } = this.#options;
    const withMutant = mutant === undefined ? {} : { mutant };
    for (const text of corpus) {
      const token = parseToken(text);
      if (token !== null) yield formatToken({ ...token, ...withMutant });
    }
    for (let number = 1; number <= seeds && this.#elapsedMs() < forMs; number += 1) {
      const seed = word === undefined ? String(number) : `${word}-${number}`;
      yield formatToken({ kind: 'generated', seed, driver: 'virtual', ...withMutant });
    }
  }

  take(result: ExploreResult): void {
    if (result.kind === 'shrink') {
      this.#shrunk.push(result.outcome);
      const { invariant, token, payments, faults, tries } = result.outcome;
      return this.#tell(
        `${invariant} made smaller in ${tries} runs to ${payments} payments and ${faults} faults: ${token}`,
      );
    }
    const { outcome } = result;
    this.#runs += 1;
    this.#virtualMs += outcome.virtualMs;
    this.#coverage = addCoverage(this.#coverage, outcome.coverage);
    if (outcome.verdict === 'pass') this.#passed += 1;
    if (outcome.verdict !== 'pass' || outcome.difference !== undefined) this.#outcomes.push(outcome);
    if (outcome.difference !== undefined) return this.#tell(`${outcome.token}: same seed, other history`);
    if (outcome.verdict === 'pass') return this.#tell();
    this.#tell(`${outcome.token}: ${outcome.verdict} ${outcome.by.join(', ')} ${outcome.reason ?? ''}`.trim());
    this.#wantSmaller(outcome);
  }

  #wantSmaller({ verdict, by, token }: SeedOutcome): void {
    const [invariant] = by;
    if (verdict !== 'fail' || invariant === undefined) return;
    if (this.#shrunkFor.has(invariant) || this.#shrunkFor.size >= MOST_SHRUNK) return;
    this.#shrunkFor.add(invariant);
    const { mostTries = MOST_TRIES, color = false } = this.#options;
    if (mostTries > 0) this.#toShrink.push({ kind: 'shrink', token, invariant, mostTries, color });
  }

  report(): ExploreReport {
    const of = (verdict: SeedOutcome['verdict']): SeedOutcome[] =>
      this.#outcomes.filter((one) => one.verdict === verdict);
    return {
      runs: this.#runs,
      passed: this.#passed,
      failed: of('fail'),
      inconclusive: of('unknown'),
      broken: of('broken'),
      otherHistories: this.#outcomes.filter(({ difference }) => difference !== undefined),
      shrunk: this.#shrunk,
      virtualHours: Math.round(this.#virtualMs / MS_PER_HOUR),
      wallMs: Math.round(this.#elapsedMs()),
      runsPerSecond: this.#rate(),
      coverage: summarizeCoverage(this.#coverage, this.#faults),
      cells: this.#coverage.cells,
      stopped: this.#options.signal?.aborted === true,
    };
  }

  #tell(line?: string): void {
    const { onProgress, seeds, corpus } = this.#options;
    if (onProgress === undefined) return;
    const { exercised, feasible } = summarizeCoverage(this.#coverage, this.#faults);
    onProgress({
      runs: this.#runs,
      total: seeds === undefined ? null : seeds + corpus.length,
      virtualHours: Math.round(this.#virtualMs / MS_PER_HOUR),
      runsPerSecond: this.#rate(),
      exercised,
      feasible,
      ...(line === undefined ? {} : { line }),
    });
  }

  #rate(): number {
    return Math.round((this.#runs / Math.max(1, this.#elapsedMs())) * 10_000) / 10;
  }

  #elapsedMs(): number {
    return this.#wall.elapsed() - this.#startedMs;
  }
}
