/**
 * A day of payments through the service's own router, in simulated time, against an oracle that
 * knows the true quality of every PSP at every minute.
 *
 *   payment ─► router.decide ─► outcome drawn from the world ─► later ─► router.observe, breaker
 *
 * The router is the object that the service runs, with a store in memory in place of the
 * database; it writes and reads every second as there. One attempt per payment: a failover
 * would hide a wrong first choice. Regret compares expected success, not the luck of the draws.
 */
import { routing, Router, type RouteStore } from '../../reference-service/index.ts';
import { createWorld, PSPS, SEGMENTS, type World } from './world.ts';

export interface SimulationResult {
  seed: string;
  hours: number;
  payments: number;
  /** Expected successes: of the oracle, of the router, of each PSP had it got everything, of an equal draw. */
  oracle: number;
  router: number;
  bestSingle: { psp: string; successes: number };
  equalShares: number;
  /** (oracle − router) / oracle. */
  regret: number;
  /** The same for the two simple ways. */
  regretOfBestSingle: number;
  regretOfEqualShares: number;
  /** Payments that found no PSP. */
  unrouted: number;
}

const SECOND_MS = 1_000;

/** An answer takes a second, a challenge of a player a minute, a PSP that is gone its time-out. */
const ANSWER_MS = 1_000;
const CHALLENGE_MS = 60_000;
const CHALLENGED_SHARE = 0.3;
const TIMEOUT_MS = 10_000;

const BREAKER_PAUSE_MS = 30_000;

/** 2026-01-05 00:00 UTC. */
const START_MS = 1_767_571_200_000;

interface Simulated {
  nowMs: number;
  at(epochMs: number, task: () => void | Promise<void>): void;
}

export async function simulate(options: {
  seed: string;
  hours: number;
  config?: routing.RoutingConfig;
}): Promise<SimulationResult> {
  const { seed, hours } = options;
  const minutes = hours * 60;
  const world = createWorld(seed, minutes);
  const tasks = new Map<number, (() => void | Promise<void>)[]>();
  const time: Simulated = {
    nowMs: START_MS,
    at(epochMs, task) {
      const second = Math.max(Math.ceil(epochMs / SECOND_MS), time.nowMs / SECOND_MS + 1);
      const due = tasks.get(second) ?? [];
      tasks.set(second, due);
      due.push(task);
    },
  };
  const breaker = new routing.CircuitBreaker({ pauseMs: BREAKER_PAUSE_MS });
  const router = routerFor(time, breaker, { strategy: 'quality', ...options.config });
  const sums = { oracle: 0, router: 0, single: PSPS.map(() => 0), equal: 0, payments: 0, unrouted: 0 };

  for (let second = 0; second < minutes * 60; second += 1) {
    time.nowMs = START_MS + second * SECOND_MS;
    const due = tasks.get(time.nowMs / SECOND_MS) ?? [];
    tasks.delete(time.nowMs / SECOND_MS);
    for (const task of due) await task();
    const minute = Math.floor(second / 60);
    const arrivals = poisson(world.rate(minute), world.random.unit('arrivals', second));
    for (let index = 0; index < arrivals; index += 1) {
      await router.fresh(IN_MEMORY);
      pay(time, world, { router, breaker, sums }, { id: `pay_${second}_${index}`, minute });
    }
  }
  const best = sums.single.reduce((found, sum, index) => (sum > (sums.single[found] ?? 0) ? index : found), 0);
  const single = sums.single[best] ?? 0;
  const regretOf = (successes: number): number => (sums.oracle - successes) / sums.oracle;
  return {
    seed,
    hours,
    payments: sums.payments,
    oracle: sums.oracle,
    router: sums.router,
    bestSingle: { psp: PSPS[best] ?? '', successes: single },
    equalShares: sums.equal,
    regret: regretOf(sums.router),
    regretOfBestSingle: regretOf(single),
    regretOfEqualShares: regretOf(sums.equal),
    unrouted: sums.unrouted,
  };
}

interface Measured {
  router: Router;
  breaker: routing.CircuitBreaker;
  sums: { oracle: number; router: number; single: number[]; equal: number; payments: number; unrouted: number };
}

function pay(
  time: Simulated,
  world: World,
  { router, breaker, sums }: Measured,
  made: { id: string; minute: number },
): void {
  const { id, minute } = made;
  const place = segmentAt(world.random.unit('segment', id));
  const segment = SEGMENTS[place] as (typeof SEGMENTS)[number];
  const { method, country, currency } = segment;
  const chances = PSPS.map((_, psp) => world.success(psp, place, minute));
  sums.payments += 1;
  sums.oracle += Math.max(...chances);
  sums.equal += chances.reduce((sum, chance) => sum + chance, 0) / chances.length;
  chances.forEach((chance, psp) => (sums.single[psp] = (sums.single[psp] ?? 0) + chance));

  const { psp } = router.decide(
    {
      operation: 'authorize',
      subjectId: id,
      playerId: `player-${id}`,
      amountMinor: 5_000,
      currency,
      method,
      country,
      device: 'mobile',
      bin: null,
      bank: null,
      risk: 'normal',
      preferred: null,
      sticky: null,
      able: PSPS,
      tried: {},
    },
    { counts: true },
  );
  if (psp === null) {
    sums.unrouted += 1;
    return;
  }
  const index = PSPS.indexOf(psp as (typeof PSPS)[number]);
  const chance = chances[index] ?? 0;
  sums.router += chance;
  breaker.sending(psp, 'authorize', time.nowMs);
  const succeeds = world.random.unit('outcome', id) < chance;
  const fails = !succeeds && world.random.unit('why', id) < world.technicalShare(index, place, minute);
  const isChallenged = !fails && method === 'card' && world.random.unit('challenge', id) < CHALLENGED_SHARE;
  const seen = { psp, operation: 'authorize', segment: `${method}|${country}|${currency}` } as const;
  const latencyMs = fails ? TIMEOUT_MS : ANSWER_MS;
  time.at(time.nowMs + latencyMs, () => {
    router.observe({ ...seen, kind: 'call', latencyMs, failed: fails, slow: fails });
    if (fails) breaker.failed(psp, 'authorize', time.nowMs);
    else breaker.succeeded(psp, 'authorize', time.nowMs);
  });
  if (fails) return;
  if (isChallenged) time.at(time.nowMs + ANSWER_MS, () => router.observe({ ...seen, kind: 'challenged' }));
  time.at(time.nowMs + ANSWER_MS + (isChallenged ? CHALLENGE_MS : 0), () =>
    router.observe({ ...seen, kind: succeeds ? 'approved' : isChallenged ? 'challengeFailed' : 'declined' }),
  );
}

const IN_MEMORY = { unitOfWork: true, afterCommit: (task: () => void): void => task() } as const;

/** The service's router on a clock, a background and a store of this simulation. */
function routerFor(time: Simulated, breaker: routing.CircuitBreaker, config: routing.RoutingConfig): Router {
  return new Router({
    config,
    psps: PSPS,
    breaker,
    clock: { now: () => time.nowMs } as ConstructorParameters<typeof Router>[0]['clock'],
    database: {
      autocommit: IN_MEMORY,
      transaction: (work) => work(IN_MEMORY),
      decide: (_start, work) => work(IN_MEMORY),
      decideAtOnce: (_known, work) => work(IN_MEMORY),
      check: () => Promise.resolve(),
      isUnavailable: () => false,
    },
    store: storeInMemory(),
    background: { later: (delayMs, _label, task) => time.at(time.nowMs + delayMs, task) },
    log: () => undefined,
  });
}

function storeInMemory(): RouteStore {
  let stored = new Map<string, routing.QualityBucket>();
  return {
    decisionsOf: () => Promise.resolve([]),
    insert: () => Promise.resolve(),
    lastOfSession: () => Promise.resolve(null),
    addObservations(_unit, buckets) {
      for (const bucket of buckets) {
        const key = `${bucket.minute}|${bucket.psp}|${bucket.operation}|${bucket.segment}`;
        const known = stored.get(key);
        stored.set(key, known === undefined ? bucket : added(known, bucket));
      }
      return Promise.resolve();
    },
    observationsSince: (_unit, minute) =>
      Promise.resolve([...stored.values()].filter((bucket) => bucket.minute >= minute)),
    forgetObservations(_unit, before) {
      stored = new Map([...stored].filter(([, bucket]) => bucket.minute >= before));
      return Promise.resolve();
    },
    overrides: () => Promise.resolve({ outOfService: {}, level: null }),
    overrideLevel: () => Promise.resolve(),
    overridePsp: () => Promise.resolve(),
  };
}

function added(one: routing.QualityBucket, other: routing.QualityBucket): routing.QualityBucket {
  return {
    ...one,
    calls: one.calls + other.calls,
    technical: one.technical + other.technical,
    slow: one.slow + other.slow,
    approved: one.approved + other.approved,
    declined: one.declined + other.declined,
    declinedTechnically: one.declinedTechnically + other.declinedTechnically,
    challenged: one.challenged + other.challenged,
    challengeFailed: one.challengeFailed + other.challengeFailed,
    latency: one.latency.map((count, index) => count + (other.latency[index] ?? 0)),
  };
}

function segmentAt(unit: number): number {
  let sum = 0;
  for (const [index, { share }] of SEGMENTS.entries()) {
    sum += share;
    if (unit < sum) return index;
  }
  return SEGMENTS.length - 1;
}

/** Number of arrivals in a second, from one draw. */
function poisson(mean: number, unit: number): number {
  let probability = Math.exp(-mean);
  let sum = probability;
  let count = 0;
  while (unit > sum && count < 100) {
    count += 1;
    probability *= mean / count;
    sum += probability;
  }
  return count;
}
