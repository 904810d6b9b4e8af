/**
 * A scenario as it stands in its file (YAML, or the same object from TypeScript): who the
 * PSPs are, what players do, what goes wrong, when it heals, and what must be true then.
 * Field names are those of the file; `scenario.schema.json` describes each. Resolution with a
 * seed (`resolve-scenario.ts`) turns it into a plan of plain numbers.
 */
export type Dialect = 'acme' | 'stripe' | 'adyen' | 'checkout' | 'paypal' | 'mollie' | 'open-banking';
export type Method = 'card' | 'ewallet' | 'bank' | 'p2p' | 'voucher';
export type DriverKind = 'virtual' | 'http';
export type Card =
  'ok' | 'declined' | 'insufficient-funds' | '3ds' | '3ds-frictionless' | '3ds-declined' | 'refund-fails-late';
export type CardholderAction = 'approve' | 'fail' | 'abandon' | 'late';

/** `250ms`, `30s`, `5m`, `2h`, `3d`. */
export type DurationText = string;

export interface PspEntry {
  name: string;
  dialect: Dialect;
  /** The simulator's profile in snake case, durations as text (`ack_timeout: 5s`). */
  profile?: Record<string, unknown>;
}

/** When the operations of one entry begin: evenly spaced, at listed times, or all at once. */
export interface Timing {
  /** The number in the name of its first operation; by default the next one of its kind. */
  first?: number;
  /** Only these of the entry's operations are played (1 is its first); each keeps its name, time and fate. */
  only?: number[];
  from?: DurationText;
  every?: DurationText;
  at?: DurationText[];
  burst?: boolean;
}

export interface ClientEntry {
  timeout?: DurationText;
  retries?: number;
  retry_after?: DurationText;
  double_submit?: boolean;
  reuse_key_with_other_body?: boolean;
}

export interface CardholderEntry {
  action: CardholderAction;
  thinks?: DurationText;
  after?: DurationText;
}

/** What the platform does with an authorized deposit; after `leave` it runs out. */
export type Afterwards = 'capture' | 'capture-part' | 'void' | 'leave';

export interface AfterwardsEntry {
  action: Afterwards | Afterwards[];
  after?: DurationText;
}

export interface DepositTraffic extends Timing {
  deposits: number;
  amount: string | { min: string; max: string };
  currency: string | string[];
  psp?: string | string[];
  /** What is paid with; by default what all asked PSPs take, a card first. */
  method?: Method;
  card?: Card | Partial<Record<Card, number>>;
  cardholder?: CardholderAction | CardholderEntry;
  /** `manual`: authorized only, and then what `afterwards` says. */
  capture?: 'automatic' | 'manual';
  afterwards?: Afterwards | Afterwards[] | AfterwardsEntry;
  /** The method is kept for the player's next deposits. */
  keep?: boolean;
  /** `kept`: the player's newest kept method; `removed`: one that he removed, which must be refused. */
  pay_with?: 'token' | 'kept' | 'removed';
  client?: ClientEntry;
  players?: number;
}

export interface PayoutTraffic extends Timing {
  payouts: number;
  fund: string;
  amount: string | { min: string; max: string };
  currency: string | string[];
  psp?: string | string[];
  /** Where it goes; by default where all asked PSPs can pay out to, a card first. */
  method?: Method;
  destination?: Destination;
  client?: ClientEntry;
  players?: number;
}

export type Destination = 'ok' | 'fail' | 'returned';
export type RefundAmount = 'all' | 'part' | 'too-much';
export type DisputeEnd = 'won' | 'lost' | 'reversed';
export type RoundEnd = 'win' | 'lose' | 'rollback' | 'open';

export interface RefundTraffic extends Timing {
  refunds: number;
  psp?: string | string[];
  by?: 'dashboard' | 'platform';
  amount?: RefundAmount | RefundAmount[];
  /** So many of the same deposit at the same instant; by the platform only. */
  times?: number;
  client?: ClientEntry;
}

/** Cardholders who take captured money back through their bank. */
export interface DisputeTraffic extends Timing {
  disputes: number;
  psp?: string | string[];
  of?: 'intact' | 'refunded';
  ends?: DisputeEnd | DisputeEnd[];
  after?: DurationText;
}

/** Game rounds on the wallet: a bet, and what comes of it. */
export interface RoundTraffic extends Timing {
  rounds: number;
  bet: string | { min: string; max: string };
  win?: string | { min: string; max: string };
  currency: string | string[];
  /** What the platform credits first. */
  fund?: string;
  ends?: RoundEnd | RoundEnd[];
  lasts?: DurationText;
  client?: ClientEntry;
  players?: number;
}

/** Players who remove their newest kept method. */
export interface RemovalTraffic extends Timing {
  removals: number;
  client?: ClientEntry;
  players?: number;
}

/** Players who set limits of their deposits. */
export interface LimitTraffic extends Timing {
  limits: number;
  currency: string;
  day?: string;
  week?: string;
  month?: string;
  client?: ClientEntry;
  players?: number;
}

/** Players who exclude themselves; a self-exclusion without `lasts` has no end. */
export interface ExclusionTraffic extends Timing {
  exclusions: number;
  kind?: 'self-exclusion' | 'cool-off';
  lasts?: DurationText;
  client?: ClientEntry;
  players?: number;
}

/** An operator takes PSPs out of service, or puts them back. */
export interface SwitchTraffic extends Timing {
  switches: number;
  psp: string | string[];
  in_service: boolean;
}

export type Traffic =
  | DepositTraffic
  | PayoutTraffic
  | RefundTraffic
  | DisputeTraffic
  | RoundTraffic
  | RemovalTraffic
  | LimitTraffic
  | ExclusionTraffic
  | SwitchTraffic;

export interface FaultEntry {
  id?: string;
  fault: string;
  psp?: string;
  operation?: string | string[];
  event?: string | string[];
  /** The PSP's word for a payment method, or `card`. */
  method?: string | string[];
  /** Major units in quotes: exactly this amount, or from … to …. */
  amount?: string | { from?: string; to?: string; currency?: string };
  /** As the PSP is told; `*` stands for anything. */
  player?: string;
  reference?: string;
  from?: DurationText;
  to?: DurationText;
  chance?: number;
  count?: number;
  nth?: number;
  with?: Record<string, unknown>;
}

/** Files of what the PSPs settled are imported, as an operator does it. */
export interface SettlementEntry {
  /** How often somebody looks for new files. */
  every: DurationText;
  /** Each file is sent twice at the same instant, as by two people who do not know of each other. */
  twice?: boolean;
  /** What came to the bank is imported, too. */
  bank?: boolean;
}

export interface Expectations {
  faults_hit?: string[];
  succeeded_at_least?: number;
  declined_at_least?: number;
  canceled_at_least?: number;
  refunded_at_least?: number;
  captured_at_least?: number;
  kept_at_least?: number;
  refunds_succeeded_at_least?: number;
  refunds_failed_at_least?: number;
  refunds_returned_at_least?: number;
  disputes_at_least?: number;
  rounds_at_least?: number;
  payouts_succeeded_at_least?: number;
  payouts_failed_at_least?: number;
  payouts_returned_at_least?: number;
  failed_over_at_least?: number;
  refused_webhooks_at_least?: number;
  refused?: string[];
  cases?: string[];
  no_cases?: boolean;
}

export interface Scenario {
  name: string;
  /** The seed that it is played with when nobody gives another one: what was found with it is found again. */
  seed?: string;
  title: string;
  description: string;
  drivers?: DriverKind[];
  psps: PspEntry[];
  /** Dialects with which this story cannot be told, each with the reason. */
  not_for?: Partial<Record<Dialect, string>>;
  traffic: Traffic[];
  faults?: FaultEntry[];
  /** Without it nobody imports settlements. */
  settlements?: SettlementEntry;
  target?: { kill: { at: DurationText; restart_after: DurationText }[] };
  heal_at: DurationText;
  settle_within: DurationText;
  /** The run goes on at least that long, even when everything has come to rest before. */
  watch_until?: DurationText;
  expect?: Expectations;
  invariants?: 'all' | string[];
  http?: { compression?: 'auto' | number; floor?: DurationText };
}
