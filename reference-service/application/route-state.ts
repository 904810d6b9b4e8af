/**
 * The router of one process: holds the snapshot that decisions are made with, and the counts
 * of what this process saw until they are added to those of the others.
 *
 *   calls, attempts ─► counts ─ every second ─► database ─ every second ─► snapshot ─► decide
 *
 * Nothing of it is on the path of a payment: counts are written and snapshots are read in the
 * background. Only after a pause in which nobody decided does the next decision wait for a
 * fresh snapshot, so that an operator's word is never older than STALE_AFTER_MS.
 */
import { messageOf, type Clock } from '../../kernel/index.ts';
import type { CircuitBreaker } from '../domain/circuit-breaker.ts';
import { decide, type Decision, type RouteSnapshot } from '../domain/routing/decide.ts';
import { keyedDraw, type Draw } from '../domain/routing/draw.ts';
import { feeTableOf, type FeeTable } from '../domain/routing/fees.ts';
import {
  levelOf,
  levelRulesOf,
  LEVEL_WINDOW_MINUTES,
  type LevelNow,
  type LevelRules,
} from '../domain/routing/level.ts';
import { HALF_LIVES_KEPT, QualityBook } from '../domain/routing/quality.ts';
import { addCounts, MINUTE_MS, noCounts, p95Of, type Counts } from '../domain/routing/observation.ts';
import { ObservationTally, type Observed } from '../domain/routing/tally.ts';
import {
  DEFAULT_EXPLORATION,
  DEFAULT_HALF_LIFE_MINUTES,
  DEFAULT_SESSION_MINUTES,
  DEFAULT_WEIGHTS,
  type RoutingConfig,
} from '../domain/routing/routing-config.ts';
import type { RouteRequest } from '../domain/routing/request.ts';
import { ruleOf, type Rule } from '../domain/routing/rules.ts';
import type { Overrides, RouteStore } from '../ports/routes.ts';
import type { Database, Unit } from '../ports/unit.ts';
import type { Background } from './context.ts';

/** Observations of this long may be lost with the process; they are statistics, not money. */
const FLUSH_EVERY_MS = 1_000;

const RELOAD_EVERY_MS = 1_000;

/** An older snapshot is not decided with. */
const STALE_AFTER_MS = 5_000;

/** Minutes past their use are removed about this often. */
const FORGET_EVERY_MS = 3_600_000;

export interface RouterOptions {
  config: RoutingConfig;
  /** Configured names in order of preference. */
  psps: readonly string[];
  clock: Clock;
  breaker: CircuitBreaker;
  database: Database;
  store: RouteStore;
  background: Background;
  log(line: Record<string, unknown>): void;
  /** Hears of everything that is observed. */
  watch?: (seen: Observed) => void;
}

export class Router {
  readonly sessionMs: number;
  readonly levelRules: LevelRules;
  readonly #options: RouterOptions;
  readonly #rules: readonly Rule[];
  readonly #fees: FeeTable;
  readonly #draw: Draw;
  readonly #halfLifeMs: number;
  readonly #book: QualityBook;
  readonly #tally = new ObservationTally();
  #overrides: Overrides = { outOfService: {}, level: null };
  #level: LevelNow = { level: 'normal', reason: 'nothing was seen so far', by: 'health' };
  #snapshot: RouteSnapshot;
  #loadedAt = -Infinity;
  #isLoading = false;
  #flushIsDue = false;
  #forgetAt: number;

  constructor(options: RouterOptions) {
    const { config, psps, clock } = options;
    this.#options = options;
    this.#rules = (config.rules ?? []).map(ruleOf);
    this.#fees = feeTableOf(config.fees ?? []);
    this.#draw = keyedDraw(config.seed ?? 'assay');
    this.#halfLifeMs = (config.halfLifeMinutes ?? DEFAULT_HALF_LIFE_MINUTES) * MINUTE_MS;
    this.sessionMs = (config.sessionMinutes ?? DEFAULT_SESSION_MINUTES) * MINUTE_MS;
    this.levelRules = levelRulesOf(config.levels);
    this.#book = new QualityBook(psps, this.#halfLifeMs);
    this.#forgetAt = clock.now() + FORGET_EVERY_MS;
    this.#snapshot = this.#make();
  }

  /** Sees to it that the next decision is made with what is known now. Inside a transaction give its unit. */
  async fresh(unit: Unit): Promise<void> {
    const ageMs = this.#options.clock.now() - this.#loadedAt;
    if (ageMs > STALE_AFTER_MS) return this.reload(unit);
    if (ageMs < RELOAD_EVERY_MS || this.#isLoading) return;
    this.#isLoading = true;
    this.#options.background.later(0, 'routing:reload', async () => {
      try {
        await this.reload(this.#options.database.autocommit);
      } finally {
        this.#isLoading = false;
      }
    });
  }

  /** Reads what all processes and operators left in the database. */
  async reload(unit: Unit): Promise<void> {
    const { store, clock } = this.#options;
    const overrides = await store.overrides(unit);
    const buckets = await store.observationsSince(unit, this.#book.wantedFrom(clock.now()));
    this.#overrides = overrides;
    this.#book.learn(buckets, clock.now());
    this.#loadedAt = clock.now();
    this.#snapshot = this.#make();
  }

  snapshot(): RouteSnapshot {
    return this.#snapshot;
  }

  /** @param counts false for a look that sends nothing (what the cashier may show) */
  decide(request: Omit<RouteRequest, 'admissions'>, { counts }: { counts: boolean }): Decision {
    const { breaker, clock, psps } = this.#options;
    const nowMs = clock.now();
    const admissions: Record<string, 'probe' | 'open'> = {};
    for (const psp of psps) {
      if (counts) breaker.asked(psp, request.operation, nowMs);
      const admission = breaker.admission(psp, request.operation, nowMs);
      if (admission !== 'closed') admissions[psp] = admission;
    }
    return decide(this.#snapshot, { ...request, admissions }, this.#draw, nowMs);
  }

  /** Counts something that this process saw; written within a second or so. */
  observe(seen: Observed): void {
    this.#options.watch?.(seen);
    const { clock, background } = this.#options;
    this.#tally.add(seen, clock.now());
    if (this.#flushIsDue) return;
    this.#flushIsDue = true;
    background.later(FLUSH_EVERY_MS, 'routing:flush', () => {
      this.#flushIsDue = false;
      return this.flush();
    });
  }

  /** Adds what was counted to the database; what cannot be written is counted again later. */
  async flush(): Promise<void> {
    const { store, database, clock, log } = this.#options;
    const buckets = this.#tally.take();
    if (buckets.length === 0) return;
    try {
      await store.addObservations(database.autocommit, buckets);
      if (clock.now() < this.#forgetAt) return;
      this.#forgetAt = clock.now() + FORGET_EVERY_MS;
      await store.forgetObservations(database.autocommit, clock.now() - (HALF_LIVES_KEPT + 1) * this.#halfLifeMs);
    } catch (error) {
      log({ level: 'warn', msg: 'observations of PSPs could not be stored', error: messageOf(error) });
      if (!database.isUnavailable(error)) return;
      this.#tally.giveBack(buckets);
    }
  }

  /** Raw counts of the last minutes by PSP and operation, as all processes saw them. */
  recent(): ReturnType<QualityBook['recent']> {
    return this.#book.recent(this.#options.clock.now(), LEVEL_WINDOW_MINUTES);
  }

  #make(): RouteSnapshot {
    const { psps, config, clock } = this.#options;
    const nowMs = clock.now();
    this.#level = this.#levelNow();
    return {
      madeAtMs: nowMs,
      strategy: config.strategy ?? 'order',
      psps,
      outOfService: this.#overrides.outOfService,
      level: this.#level,
      rules: this.#rules,
      weights: { ...DEFAULT_WEIGHTS, ...config.weights },
      exploration: config.exploration ?? DEFAULT_EXPLORATION,
      fees: this.#fees,
      quality: this.#book.view(nowMs),
    };
  }

  #levelNow(): LevelNow {
    const said = this.#overrides.level;
    if (said !== null) return { ...said, by: 'operator' };
    const { psps, breaker, clock } = this.#options;
    const authorize = this.#sum('authorize');
    const isOpen = (psp: string): boolean =>
      this.#overrides.outOfService[psp] === undefined && breaker.state(psp, 'authorize', clock.now()) !== 'open';
    return levelOf(
      {
        authorize: { ...troubles(authorize), p95Ms: p95Of(authorize) },
        payout: troubles(this.#sum('payout')),
        psps: psps.length,
        pspsOpen: psps.filter(isOpen).length,
      },
      this.levelRules,
      this.#level.level,
    );
  }

  #sum(operation: 'authorize' | 'payout'): Counts {
    const sum = noCounts();
    for (const one of this.recent()) if (one.operation === operation) addCounts(sum, one.counts);
    return sum;
  }
}

function troubles(counts: Counts): { calls: number; technical: number } {
  return { calls: counts.calls, technical: counts.technical + counts.declinedTechnically };
}
