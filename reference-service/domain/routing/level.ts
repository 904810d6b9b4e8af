/**
 * Degradation levels: how much of the service is offered while PSPs are in trouble. Computed
 * from the health of the last minutes; an operator's word overrides it.
 *
 *   normal ─► slow ─► degraded ─► payouts_deferred ─► read_only
 *             hide     fast         payouts wait,       nothing new
 *             heavy    methods      reserved            is started
 *             methods  first
 *
 * Each level includes the ones before it. Credits, refunds, queries and webhooks go on at every
 * level.
 */
import type { PaymentMethod } from '../deposit.ts';
import type { RoutingConfig } from './routing-config.ts';

export const LEVELS = ['normal', 'slow', 'degraded', 'payouts_deferred', 'read_only'] as const;
export type Level = (typeof LEVELS)[number];

export interface LevelNow {
  level: Level;
  reason: string;
  by: 'health' | 'operator';
}

/** What the last minutes showed of all PSPs together. */
export interface ServiceHealth {
  authorize: { calls: number; technical: number; p95Ms: number | null };
  payout: { calls: number; technical: number };
  /** PSPs in service and not held back by their breaker, of those configured. */
  pspsOpen: number;
  psps: number;
}

/** How far back "now" reaches: the breaker has reacted long before, a level is slower and calmer. */
export const LEVEL_WINDOW_MINUTES = 3;

/** With fewer calls a share is chance. */
const FEWEST_CALLS = 20;

/** A level is left only when things are this much better than what raised it. */
const EASE = 0.7;

const DEFAULTS = {
  automaticUpTo: 'payouts_deferred',
  heavyMethods: ['ewallet', 'voucher'],
  fastMethods: ['bank', 'p2p'],
  slowP95Ms: 6_000,
  degradedTechnicalShare: 0.25,
  deferTechnicalShare: 0.6,
  readOnlyTechnicalShare: 0.95,
} as const;

export interface LevelRules {
  automaticUpTo: Level;
  heavyMethods: readonly PaymentMethod[];
  fastMethods: readonly PaymentMethod[];
  slowP95Ms: number;
  degradedTechnicalShare: number;
  deferTechnicalShare: number;
  readOnlyTechnicalShare: number;
}

export function levelRulesOf(config: RoutingConfig['levels']): LevelRules {
  return { ...DEFAULTS, ...config };
}

export function atLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}

/** The level that health asks for. `previous` makes leaving harder than entering. */
export function levelOf(health: ServiceHealth, rules: LevelRules, previous: Level): LevelNow {
  const { authorize, payout } = health;
  const failing = share(authorize);
  const paying = share(payout);
  const most = (limit: number, level: Level): number => (atLeast(previous, level) ? limit * EASE : limit);
  const wanted = ((): [Level, string] => {
    if (authorize.calls >= FEWEST_CALLS && failing >= most(rules.readOnlyTechnicalShare, 'read_only'))
      return ['read_only', `${percent(failing)} of calls for payments fail at all PSPs`];
    if (payout.calls >= FEWEST_CALLS && paying >= most(rules.deferTechnicalShare, 'payouts_deferred'))
      return ['payouts_deferred', `${percent(paying)} of calls for payouts fail`];
    if (authorize.calls >= FEWEST_CALLS && failing >= most(rules.deferTechnicalShare, 'payouts_deferred'))
      return ['payouts_deferred', `${percent(failing)} of calls for payments fail`];
    if (authorize.calls >= FEWEST_CALLS && failing >= most(rules.degradedTechnicalShare, 'degraded'))
      return ['degraded', `${percent(failing)} of calls for payments fail`];
    if (health.psps > 1 && health.pspsOpen * 2 < health.psps)
      return ['degraded', `only ${health.pspsOpen} of ${health.psps} PSPs take payments`];
    const slow = authorize.p95Ms;
    if (authorize.calls >= FEWEST_CALLS && slow !== null && slow >= most(rules.slowP95Ms, 'slow'))
      return ['slow', `the slowest twentieth of calls takes ${slow} ms and more`];
    return ['normal', 'nothing unusual'];
  })();
  const level = atLeast(rules.automaticUpTo, wanted[0]) ? wanted[0] : rules.automaticUpTo;
  return { level, reason: wanted[1], by: 'health' };
}

function share({ calls, technical }: { calls: number; technical: number }): number {
  return calls === 0 ? 0 : technical / calls;
}

function percent(part: number): string {
  return `${Math.round(100 * part)} %`;
}
