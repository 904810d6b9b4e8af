/**
 * The resolved plan of one run: every draw made, every time a number of milliseconds from the
 * run's start, every amount in minor units. The same scenario and seed always give the same
 * plan; it is written to `scenario.resolved.yaml`.
 */
import type {
  Card,
  Destination,
  Dialect,
  DisputeEnd,
  DriverKind,
  Expectations,
  Method,
  RefundAmount,
  RoundEnd,
} from './scenario.ts';

export interface Player {
  id: string;
  name: string;
  /** ISO 3166 code. */
  country: string;
  device: 'mobile' | 'desktop' | 'tablet';
}

export interface PlannedMoney {
  amountMinor: number;
  currency: string;
}

export interface ClientBehaviour {
  timeoutMs: number;
  /** Further tries with the same key after an unknown outcome or an answer that asks for patience. */
  retries: number;
  retryAfterMs: number;
  doubleSubmit: boolean;
  reuseKeyWithOtherBody: boolean;
}

/** What the cardholder does once on the challenge page; `late` approves after `waitMs`. */
export interface CardholderBehaviour {
  action: 'approve' | 'fail' | 'abandon';
  waitMs: number;
}

/** What the platform does once a deposit is authorized. */
export interface AuthorizedBehaviour {
  action: 'capture' | 'void' | 'leave';
  afterMs: number;
  /** Null: all of it. */
  captureMinor: number | null;
}

interface PlannedBase {
  /** `dep-3`, `out-1`, `ref-2`: stable in files, histories and reports. */
  op: string;
  atMs: number;
  /** Operations with the same group begin together, in one step of the clock. */
  group: string;
}

export interface PlannedDeposit extends PlannedBase, PlannedMoney {
  kind: 'deposit';
  player: string;
  psp?: string;
  method: Method;
  card: Card;
  idempotencyKey: string;
  cardholder: CardholderBehaviour;
  client: ClientBehaviour;
  /** Absent: it captures by itself. */
  authorized?: AuthorizedBehaviour;
  /** The method is kept. */
  keep?: boolean;
  /** Absent: with a token. */
  payWith?: 'kept' | 'removed';
}

export interface PlannedPayout extends PlannedBase, PlannedMoney {
  kind: 'payout';
  player: string;
  psp?: string;
  method: Method;
  fundMinor: number;
  destination: Destination;
  idempotencyKey: string;
  client: ClientBehaviour;
}

export interface PlannedRefund extends PlannedBase {
  kind: 'refund';
  /** Only payments at one of these PSPs; empty means any. */
  psps: string[];
  by: 'dashboard' | 'platform';
  amount: RefundAmount;
  /** Of the deposit, where a part goes back: one for each refund of it. */
  percents: number[];
  idempotencyKey: string;
  client: ClientBehaviour;
}

export interface PlannedDispute extends PlannedBase {
  kind: 'dispute';
  psps: string[];
  of: 'intact' | 'refunded';
  ends: DisputeEnd;
  /** From its opening to its end; once more to a reversal. */
  afterMs: number;
}

export interface PlannedRound extends PlannedBase {
  kind: 'round';
  player: string;
  currency: string;
  betMinor: number;
  winMinor: number;
  /** Absent: whatever the wallet has. */
  fundMinor?: number;
  ends: RoundEnd;
  lastsMs: number;
  client: ClientBehaviour;
}

export interface PlannedRemoval extends PlannedBase {
  kind: 'removal';
  player: string;
  client: ClientBehaviour;
}

export interface PlannedLimit extends PlannedBase {
  kind: 'limit';
  player: string;
  currency: string;
  /** Minor units by period; what is not named stays. */
  limits: Partial<Record<'day' | 'week' | 'month', number>>;
  client: ClientBehaviour;
}

export interface PlannedExclusion extends PlannedBase {
  kind: 'exclusion';
  player: string;
  exclusion: 'self-exclusion' | 'cool-off';
  /** Null: without an end. */
  lastsMs: number | null;
  client: ClientBehaviour;
}

export interface PlannedSwitch extends PlannedBase {
  kind: 'switch';
  psps: string[];
  inService: boolean;
}

export type PlannedOperation =
  | PlannedDeposit
  | PlannedPayout
  | PlannedRefund
  | PlannedDispute
  | PlannedRound
  | PlannedRemoval
  | PlannedLimit
  | PlannedExclusion
  | PlannedSwitch;

/** A fault as the control API takes it, times from the run's start. */
export interface PlannedFault {
  id: string;
  fault: string;
  psp?: string;
  operation?: string | string[];
  event?: string | string[];
  method?: string | string[];
  amount?: string | { from?: string; to?: string; currency?: string };
  player?: string;
  reference?: string;
  from: number;
  to: number;
  chance?: number;
  count?: number;
  nth?: number;
  with?: Record<string, unknown>;
}

export interface PlannedSettlements {
  everyMs: number;
  twice: boolean;
  bank: boolean;
}

export interface Plan {
  scenario: string;
  title: string;
  seed: string;
  drivers: DriverKind[];
  psps: { name: string; dialect: Dialect; profile: Record<string, unknown> }[];
  players: Player[];
  operations: PlannedOperation[];
  faults: PlannedFault[];
  /** Absent: nobody imports settlements. */
  settlements?: PlannedSettlements;
  kills: { atMs: number; restartAfterMs: number }[];
  healAtMs: number;
  settleWithinMs: number;
  /** Milliseconds since the run began; 0 when the run may end as soon as it has settled. */
  watchUntilMs: number;
  expect: Expectations;
  invariants: 'all' | string[];
  http: { compression: 'auto' | number; floorMs: number };
}
