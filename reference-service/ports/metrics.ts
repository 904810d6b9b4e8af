/**
 * Metrics that are read from the database, so that they are right over several processes.
 */
import type { Unit } from './unit.ts';

/** A number of things that wait, and since when the oldest does (epoch milliseconds). */
export interface Waiting {
  count: number;
  oldestAt: number | null;
}

export interface OpenWork {
  inbox: Waiting;
  inboxDead: number;
  outbox: Waiting;
  outboxDead: number;
  /** Events that nobody was configured to be told. */
  outboxUntold: number;
  /** Payouts that wait for their PSP, and those that wait for a person. */
  deferredPayouts: number;
  reviews: number;
  openCases: { kind: string; count: number }[];
}

/** What is measured where it happens, for the metrics of this process. */
export interface Meter {
  /** A player's identity was verified so long after it was asked for. */
  identityVerified(afterMs: number): void;
}

/** Groups of a summary beyond the largest so many are one, `other`: the values of some come from requests. */
export const MOST_GROUPS = 100;

/** What deposits are grouped by. */
export const GROUPS = ['method', 'psp', 'country', 'device', 'bank', 'currency'] as const;
export type Group = (typeof GROUPS)[number];

export interface DepositLine {
  group: string | null;
  started: number;
  succeeded: number;
  declined: number;
  canceled: number;
  failed: number;
  /** Not at an end yet, authorized ones too. */
  open: number;
  /** Of the succeeded: some of the money went back; the issuer took some back, at any time. */
  refunded: number;
  disputed: number;
  /** Milliseconds from the request to the credit. */
  p50Ms: number | null;
  p95Ms: number | null;
}

export interface PayoutLine {
  group: string | null;
  started: number;
  succeeded: number;
  failed: number;
  open: number;
  /** Of the started: a person had to look. */
  reviewed: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

export interface PspLine {
  psp: string;
  calls: number;
  /** Calls without a meaningful answer. */
  technical: number;
  /** Minutes with calls, and those of them in which at least one call was answered. */
  minutes: number;
  minutesUp: number;
  challenged: number;
  challengeFailed: number;
}

export interface FeeLine {
  psp: string;
  currency: string;
  /** What the PSP kept, as booked in the window. */
  feesMinor: number;
  /** Deposits credited in the window. */
  succeeded: number;
}

/** Milliseconds; null where nothing was measured. */
export interface Durations {
  count: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

/** From (inclusive) to (exclusive), epoch milliseconds. */
export interface Window {
  fromMs: number;
  toMs: number;
}

export interface MetricsStore {
  openWork(unit: Unit): Promise<OpenWork>;
  /** Deposits that were started in the window: the `MOST_GROUPS` largest groups, and `other`. A group of PSPs is by the last attempt. */
  deposits(unit: Unit, window: Window, group: Group): Promise<DepositLine[]>;
  deposit(unit: Unit, window: Window): Promise<DepositLine>;
  /** Payouts that were started in the window. */
  payouts(unit: Unit, window: Window): Promise<PayoutLine[]>;
  payout(unit: Unit, window: Window): Promise<PayoutLine>;
  /** Calls in the minutes of the window, as far back as observations are kept. */
  psps(unit: Unit, window: Window): Promise<PspLine[]>;
  fees(unit: Unit, window: Window): Promise<FeeLine[]>;
  /** From the request for a player's identity to its verification, of those verified in the window. */
  kyc(unit: Unit, window: Window): Promise<Durations>;
  /** From the beginning of a person's review of a payout to the decision, of those decided in the window. */
  reviews(unit: Unit, window: Window): Promise<Durations>;
}
