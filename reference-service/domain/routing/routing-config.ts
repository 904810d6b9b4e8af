/**
 * The router's configuration as it is written in ROUTING (JSON or YAML) or given to
 * `createService`. Everything is optional: nothing configured means the configured order of
 * the PSPs, with the circuit breaker and without rules.
 */
import type { PaymentMethod } from '../deposit.ts';
import type { Level } from './level.ts';
import type { RoutedOperation } from './request.ts';

type OneOrMore<T> = T | readonly T[];

/** All that is given must hold; of a list any one. */
export interface RuleConditions {
  operation?: OneOrMore<RoutedOperation>;
  country?: OneOrMore<string>;
  currency?: OneOrMore<string>;
  method?: OneOrMore<PaymentMethod>;
  /** Major units of the payment's currency, both inclusive. */
  amount?: { min?: number; max?: number };
  /** First digits of the card. */
  bin?: OneOrMore<string>;
  bank?: OneOrMore<string>;
  risk?: OneOrMore<'normal' | 'elevated'>;
  device?: OneOrMore<'mobile' | 'desktop' | 'tablet'>;
}

/** Exactly one of `only`, `exclude`, `prefer` and `split`. */
export interface RuleConfig {
  name: string;
  when?: RuleConditions;
  /** No other PSP. Several such rules all apply. */
  only?: readonly string[];
  exclude?: readonly string[];
  /** These first, in this order; the first matching `prefer` or `split` decides. */
  prefer?: readonly string[];
  /** Shares of traffic: PSP → weight. */
  split?: Readonly<Record<string, number>>;
  /** What keeps its side of a split; default `player`. */
  by?: 'player' | 'payment';
}

export interface FeeConfig {
  psp: string;
  /** Default: every method that has no row of its own. */
  method?: PaymentMethod;
  /** Hundredths of a percent of the amount. */
  basisPoints: number;
  /** Per success, in minor units by currency. */
  fixedMinor?: Readonly<Record<string, number>>;
}

export interface QualityWeights {
  /** One is worth the whole amount. */
  conversion: number;
  /** Per share of the amount that the PSP charges. */
  cost: number;
  /** Per 10 seconds of p95. */
  latency: number;
  /** Per share of challenges that fail: beside the lost conversion they cost patience. */
  challenge: number;
  technical: number;
}

export interface RoutingConfig {
  /** `order` (the default): as configured. `quality`: as the PSPs do now. */
  strategy?: 'order' | 'quality';
  /** Key of all draws; change it to shuffle the sides of every split. */
  seed?: string;
  rules?: readonly RuleConfig[];
  fees?: readonly FeeConfig[];
  weights?: Partial<QualityWeights>;
  /** After this long an observation counts half. */
  halfLifeMinutes?: number;
  /** How far draws reach from the mean, in standard deviations: 0 never tries anything new. */
  exploration?: number;
  /** A player's payments at one bank stay with one PSP for this long after the last. */
  sessionMinutes?: number;
  breaker?: { probeShare?: number; successesToClose?: number; slowCallMs?: number };
  levels?: {
    /** The level is never raised above this by itself; default `payouts_deferred`. */
    automaticUpTo?: Level;
    heavyMethods?: readonly PaymentMethod[];
    fastMethods?: readonly PaymentMethod[];
    slowP95Ms?: number;
    degradedTechnicalShare?: number;
    deferTechnicalShare?: number;
  };
}

export const DEFAULT_WEIGHTS: Readonly<QualityWeights> = {
  conversion: 1,
  cost: 1,
  latency: 0.02,
  challenge: 0.05,
  technical: 0.1,
};

/** Long enough to hold a few hundred payments of a busy segment, short enough to follow a drift. */
export const DEFAULT_HALF_LIFE_MINUTES = 15;

/** Half of what the belief is unsure of: enough to find out about changes, less lost on the way than with all of it. */
export const DEFAULT_EXPLORATION = 0.5;

/** A player who comes back within the hour is still in the same session at most banks. */
export const DEFAULT_SESSION_MINUTES = 60;

export function listOf<T>(value: OneOrMore<T> | undefined): readonly T[] | null {
  if (value === undefined) return null;
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
