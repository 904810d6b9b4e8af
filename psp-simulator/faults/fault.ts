/**
 * A fault: a planned misbehaviour at a named point. A fault kind is data and one pure
 * function, one file each; it acts on the neutral exchange, event, delivery, cardholder or
 * settlement batch and knows neither dialects nor the engine. Whether and when a planned fault
 * strikes is decided by `plan.ts`; what it does there is the effect it returns, carried out by
 * engine and courier (`effects.ts` says what that can be).
 *
 *   exchange:   condition ─► rate limit ─► idempotency ─► before-commit ─► books ─► after-commit ─► answer
 *   webhook:    book change ─► event ─► (per try) condition ─► delivery ─► acknowledgement
 *   person:     page or control API ─► cardholder ─► books ─► back to the shop
 *   settlement: closed batch ─► settlement ─► the PSP's native files
 */
import type { CardholderAction } from '../core/records.ts';
import type { SettlementBatch, SettlementLine } from '../settlement/settlement.ts';
import type {
  CardholderEffect,
  Condition,
  DeliveryEffect,
  EventEffect,
  ExchangeEffect,
  SettlementEffect,
} from './effects.ts';
import type { Parameters } from './parameters.ts';

export type {
  CardholderEffect,
  Condition,
  DeliveryEffect,
  EventEffect,
  ExchangeEffect,
  ExtraMessage,
  RawAnswer,
  SettlementEffect,
  SignatureKind,
  StrangeKind,
} from './effects.ts';

/** A draw in [0, 1) that depends on seed, fault, entity and attempt only; `label` tells several draws of one hit apart. */
export type Draw = (label: string) => number;

/** How far into its window a planned fault is, in milliseconds of the run's clock. */
export interface Moment {
  readonly sinceMs: number;
  /** Null for a fault without an end. */
  readonly windowMs: number | null;
}

/** What a fault of exchanges may look at. */
export interface ExchangeSubject {
  operation: string;
  /** True after a commit that made webhook events. */
  hasEvents: boolean;
}

/** What a webhook fault may look at. */
export interface EventSubject {
  kind: 'payment' | 'refund' | 'payout' | 'dispute' | 'settlement';
  /** Neutral state that the event claims: `captured`, `paid`, … */
  state: string;
  /** Number of the try, from 1; 0 when the event is stored. */
  attempt: number;
  /** True for events of a payment whose payer saw a page. */
  afterPage?: boolean;
}

export interface CardholderSubject {
  /** What the person wants to do. */
  action: CardholderAction;
  /** True for an authentication by the card's issuer, false for a wallet, bank or voucher page. */
  threeDs: boolean;
}

/** What happened in the real world, in our own words, and where that can be read. */
export interface Precedent {
  readonly what: string;
  /** URL. */
  readonly source: string;
}

interface BaseKind<P> {
  readonly name: string;
  /** One sentence for the list of faults. */
  readonly summary: string;
  /** One entry of a scenario's `faults:`, as YAML in one line. */
  readonly example: string;
  readonly precedent: Precedent;
  /** Reads and checks `with`; throws a `FaultInputError`. */
  parse(parameters: Parameters): P;
}

export interface ConditionFault<P> extends BaseKind<P> {
  readonly point: 'condition';
  /** Where it shows: in an API call, in the sending of a webhook, when a TLS connection begins. */
  readonly seenAt: readonly ConditionPlace[];
  effect(parameters: P): Condition;
}

export type ConditionPlace = 'exchange' | 'delivery' | 'handshake';

export interface ExchangeFault<P> extends BaseKind<P> {
  readonly point: 'before-commit' | 'after-commit';
  /** Only these operations can be hit; absent means all. */
  readonly operations?: readonly string[];
  appliesTo?(subject: ExchangeSubject): boolean;
  /** Null: not this time (a storm that pauses); it is no hit then. */
  effect(parameters: P, draw: Draw, moment: Moment): ExchangeEffect | null;
}

export interface EventFault<P> extends BaseKind<P> {
  readonly point: 'event';
  appliesTo?(subject: EventSubject): boolean;
  effect(parameters: P, draw: Draw, subject: EventSubject): EventEffect;
}

export interface DeliveryFault<P> extends BaseKind<P> {
  readonly point: 'delivery';
  /** `message`: what is sent differs. `way`: what becomes of it. */
  readonly touches: 'message' | 'way';
  /** Null: not this try; it is no hit then. */
  effect(parameters: P, draw: Draw, subject: EventSubject): DeliveryEffect | null;
}

export interface CardholderFault<P> extends BaseKind<P> {
  readonly point: 'cardholder';
  appliesTo?(subject: CardholderSubject): boolean;
  effect(parameters: P, draw: Draw): CardholderEffect;
}

/** A fault of one line, or of the batch as a whole. */
export interface SettlementFault<P> extends BaseKind<P> {
  readonly point: 'settlement';
  readonly touches: 'line' | 'batch';
  /** Which lines can be hit; absent means all. Not asked for a fault of the whole batch. */
  appliesTo?(line: SettlementLine): boolean;
  /** How many lines of a batch it strikes when neither chance, count nor nth says so. Null: no limit. */
  readonly linesPerBatch?: number | null;
  /** Null: nothing in this batch can be changed so; it is no hit then. */
  effect(parameters: P, draw: Draw, subject: SettlementSubject): SettlementEffect | null;
}

export interface SettlementSubject {
  readonly batch: SettlementBatch;
  /** The line that was chosen; the batch's first one for a fault of the whole batch, null when it is empty. */
  readonly line: SettlementLine | null;
}

export type FaultKind =
  | ConditionFault<unknown>
  | ExchangeFault<unknown>
  | EventFault<unknown>
  | DeliveryFault<unknown>
  | CardholderFault<unknown>
  | SettlementFault<unknown>;

export type FaultPoint = FaultKind['point'];

/** Keeps the parameter type while a kind is written; the registry sees `unknown`. */
export function conditionFault<P>(kind: ConditionFault<P>): ConditionFault<unknown> {
  return kind as ConditionFault<unknown>;
}
export function exchangeFault<P>(kind: ExchangeFault<P>): ExchangeFault<unknown> {
  return kind as ExchangeFault<unknown>;
}
export function eventFault<P>(kind: EventFault<P>): EventFault<unknown> {
  return kind as EventFault<unknown>;
}
export function deliveryFault<P>(kind: DeliveryFault<P>): DeliveryFault<unknown> {
  return kind as DeliveryFault<unknown>;
}
export function cardholderFault<P>(kind: CardholderFault<P>): CardholderFault<unknown> {
  return kind as CardholderFault<unknown>;
}
export function settlementFault<P>(kind: SettlementFault<P>): SettlementFault<unknown> {
  return kind as SettlementFault<unknown>;
}
