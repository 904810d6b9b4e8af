/**
 * A load profile: how many operations start per second and for how long, and what must hold.
 * Pure arithmetic, no k6 import, so that mocha and the command line use it too.
 */
import type { PlannedTarget } from './planned-target.ts';

export interface Route {
  psp: string;
  method: string;
}

export interface Stage {
  seconds: number;
  /** New operations per second at the stage's end; within the stage the rate moves there in a straight line. */
  rate: number;
}

export interface LoadProfile {
  name: string;
  purpose: string;
  /** New operations per second at the beginning (open model: they start whether or not earlier ones finished). */
  startRate: number;
  stages: Stage[];
  /** How long an operation may take at the 99th percentile, for planning virtual users. */
  expectedP99Ms: number;
  /** What is not done after this many milliseconds counts as this many milliseconds. */
  budgetMs: number;
  /** Share of card deposits (0 to 1) that go through a 3DS challenge. */
  threeDsShare: number;
  /** Threshold: 95th percentile from init to the end as the client sees it, for every PSP and method. */
  p95Ms: number;
  /** Where deposits go, in turn. */
  deposits: Route[];
  /** Where payouts go, in turn. */
  payouts: Route[];
}

/** What one run of k6 is told: a file that the command line writes. */
export interface JourneyPlan extends LoadProfile {
  baseUrl: string;
  /** Makes idempotency keys unique: two runs on one database must not meet. */
  runId: string;
  /** Every n-th operation is a payout; 0 for none, 1 for all. */
  payoutEvery: number;
  /** Of how many execution segments this is one; absent: it is the whole. */
  parts?: number;
  /** Somebody else's service instead of the payments API. */
  target?: PlannedTarget;
}

/** Players take turns; few enough to read all their wallets afterwards. */
export const PLAYERS = 200;

export function playerOf(iteration: number): string {
  return `player-${(iteration % PLAYERS) + 1}`;
}

export function secondsOf(profile: Pick<LoadProfile, 'stages'>): number {
  return profile.stages.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** The same course of rates within another time; stages keep their shares of it, to the millisecond. */
export function stretched(profile: LoadProfile, seconds: number): LoadProfile {
  const factor = seconds / secondsOf(profile);
  const shorter = (of: number): number => Math.round(of * factor * 1000) / 1000;
  return { ...profile, stages: profile.stages.map((stage) => ({ ...stage, seconds: shorter(stage.seconds) })) };
}

/** The rate at a moment of the profile, operations per second. */
export function rateAt(profile: Pick<LoadProfile, 'startRate' | 'stages'>, second: number): number {
  let from = { at: 0, rate: profile.startRate };
  for (const { seconds, rate } of profile.stages) {
    const end = from.at + seconds;
    if (second < end) return from.rate + ((rate - from.rate) * (second - from.at)) / seconds;
    from = { at: end, rate };
  }
  return from.rate;
}

/** As k6 reads a duration. */
const text = (seconds: number): string => `${Math.round(seconds * 1000)}ms`;

/** Little's law with a margin of 30 %: enough virtual users that no iteration has to wait for one. */
export function plannedVirtualUsers(
  profile: Pick<LoadProfile, 'startRate' | 'stages' | 'expectedP99Ms' | 'budgetMs'>,
): { preAllocatedVUs: number; maxVUs: number } {
  const rate = Math.max(profile.startRate, ...profile.stages.map((stage) => stage.rate));
  const users = (ms: number): number => Math.max(2, Math.ceil(((rate * ms) / 1000) * 1.3));
  const preAllocatedVUs = users(profile.expectedP99Ms);
  // The worst: every single one runs into its budget.
  return { preAllocatedVUs, maxVUs: Math.max(preAllocatedVUs, users(profile.budgetMs)) };
}

/** The k6 executor: always one of the open model. */
export function executorOf(profile: LoadProfile): Record<string, unknown> {
  const common = {
    timeUnit: '1s',
    gracefulStop: `${Math.ceil(profile.budgetMs / 1000) + 5}s`,
    ...plannedVirtualUsers(profile),
  };
  if (profile.stages.every(({ rate }) => rate === profile.startRate))
    return {
      executor: 'constant-arrival-rate',
      rate: profile.startRate,
      duration: text(secondsOf(profile)),
      ...common,
    };
  return {
    executor: 'ramping-arrival-rate',
    startRate: profile.startRate,
    stages: profile.stages.map(({ seconds, rate }) => ({ duration: text(seconds), target: rate })),
    ...common,
  };
}

export interface PlannedOperation extends Route {
  kind: 'deposit' | 'payout';
  token: string;
}

/**
 * What iteration `i` does. Depends on `i` alone, so two runs send the same traffic: routes in
 * turn, and on each card route the share of challenges is exact over any long run.
 */
export function planIteration(plan: JourneyPlan, i: number): PlannedOperation {
  const { payoutEvery } = plan;
  const payout = payoutEvery > 0 && i % payoutEvery === payoutEvery - 1;
  const before = payoutEvery > 0 ? Math.floor(i / payoutEvery) : 0;
  const n = payout ? before : i - before;
  const routes = payout ? plan.payouts : plan.deposits;
  const route = routes[n % routes.length];
  if (route === undefined) throw new Error('the profile names nowhere to go; list at least one route');
  if (payout) return { kind: 'payout', ...route, token: `${route.method}_payout_ok` };
  const turn = Math.floor(n / routes.length);
  const challenged = Math.floor((turn + 1) * plan.threeDsShare) > Math.floor(turn * plan.threeDsShare);
  const token = route.method === 'card' && challenged ? 'card_3ds' : `${route.method}_ok`;
  return { kind: 'deposit', ...route, token };
}

/** Of what a route should get, so much must have come: the rest is the clock's grain. */
const LEAST_SHARE = 0.95;

/** How many operations of a kind each of its routes must have had: one at least, and of a whole run its share. */
export function leastSamples(plan: JourneyPlan, kind: 'deposit' | 'payout'): number {
  if (plan.parts !== undefined) return 1;
  let from = plan.startRate;
  let total = 0;
  for (const { seconds, rate } of plan.stages) {
    total += ((from + rate) / 2) * seconds;
    from = rate;
  }
  const payouts = plan.payoutEvery === 0 ? 0 : total / plan.payoutEvery;
  const [ofKind, routes] = kind === 'payout' ? [payouts, plan.payouts] : [total - payouts, plan.deposits];
  return Math.max(1, Math.floor((LEAST_SHARE * ofKind) / routes.length));
}

/**
 * k6 thresholds. Each PSP and method has its own p95, and a count of samples without which it means
 * nothing: k6 lets a threshold on a metric without samples pass (grafana/k6#4283).
 */
export function thresholdsOf(plan: JourneyPlan): Record<string, string[]> {
  const thresholds: Record<string, string[]> = { dropped_iterations: ['count==0'] };
  const kinds: ['deposit' | 'payout', Route[]][] = [
    ['deposit', plan.payoutEvery === 1 ? [] : plan.deposits],
    ['payout', plan.payoutEvery === 0 ? [] : plan.payouts],
  ];
  for (const [kind, routes] of kinds) {
    if (routes.length === 0) continue;
    thresholds[`${kind}_done`] = ['rate>0.999'];
    thresholds[`${kind}_e2e_observed_ms`] = [`p(95)<${plan.p95Ms}`];
    thresholds[`${kind}_e2e_server_ms`] = ['p(95)>=0'];
    for (const { psp, method } of routes) {
      thresholds[`${kind}_e2e_observed_ms{psp:${psp},method:${method}}`] = [`p(95)<${plan.p95Ms}`];
      thresholds[`${kind}_started{psp:${psp},method:${method}}`] = [`count>=${leastSamples(plan, kind)}`];
    }
  }
  return thresholds;
}
