/**
 * What the router remembers in the database: its decisions, the counted observations of all
 * processes, and what operators said.
 */
import type { Decision } from '../domain/routing/decide.ts';
import type { Level } from '../domain/routing/level.ts';
import type { QualityBucket } from '../domain/routing/observation.ts';
import type { Unit } from './unit.ts';

/** A decision as it is stored with the attempt that follows from it. */
export interface RoutedAttempt {
  decision: Decision;
  /** Number of the attempt within its payment; 0 when nobody could be asked. */
  seq: number;
  attemptId: string | null;
  /** Player and bank, for payments that should stay with one PSP; null otherwise. */
  sessionKey: string | null;
}

export interface Overrides {
  /** PSP → the operator's reason to take it out of service. */
  outOfService: Readonly<Record<string, string>>;
  level: { level: Level; reason: string } | null;
}

export interface RouteStore {
  /** Of one payment or payout, in the order of its attempts. */
  decisionsOf(unit: Unit, subjectId: string): Promise<RoutedAttempt[]>;
  /** Stored once: the first decision under a number stays. */
  insert(unit: Unit, routed: RoutedAttempt): Promise<void>;
  /** PSP of the latest payment of the session since then; null without one. */
  lastOfSession(unit: Unit, sessionKey: string, sinceMs: number): Promise<string | null>;
  /** Adds to what other processes have counted. */
  addObservations(unit: Unit, buckets: readonly QualityBucket[]): Promise<void>;
  observationsSince(unit: Unit, minute: number): Promise<QualityBucket[]>;
  /** Removes minutes before this one. */
  forgetObservations(unit: Unit, before: number): Promise<void>;
  overrides(unit: Unit): Promise<Overrides>;
  /** Null lifts the override. */
  overrideLevel(unit: Unit, level: { level: Level; reason: string } | null, nowMs: number): Promise<void>;
  overridePsp(unit: Unit, psp: string, outOfService: string | null, nowMs: number): Promise<void>;
}
