/**
 * A fault: a planned misbehaviour at a named point. A fault kind is data and one pure
 * function, one file each; it acts on the neutral exchange, event or delivery and knows
 * neither dialects nor the engine. Whether and when a planned fault strikes is decided by
 * `plan.ts`; what it does there is the effect it returns, carried out by engine and courier.
 *
 *   exchange:  … idempotency ─► before-commit ─► books ─► after-commit ─► answer
 *   webhook:   book change ─► event ─► (per try) delivery ─► acknowledgement
 */
import type { Alteration } from '../core/alter-change.ts';
import type { ProblemCode } from '../core/problem.ts';
import type { Parameters } from './parameters.ts';

/** A draw in [0, 1) that depends on seed, fault, entity and attempt only; `label` tells several draws of one hit apart. */
export type Draw = (label: string) => number;

/** What engine does to an exchange. Waits come first, then the rest. */
export interface ExchangeEffect {
  waitMs?: number;
  /** Answer this instead of what the books say. */
  answer?: {
    code: ProblemCode;
    message: string;
    status?: number;
    headers?: Record<string, string>;
    /** True: the idempotency layer keeps this answer for the key, as PSPs do that store their 500s. */
    remembered?: boolean;
  };
  /** `reset`: drop the connection. `hang`: never answer. `truncate`: half an answer, then drop. */
  end?: 'reset' | 'hang' | 'truncate';
  /** Added to the lag of status queries. */
  visibilityLagMs?: number;
  /** Deliver this exchange's events, and await their acknowledgement, before answering. */
  deliverEventsFirst?: boolean;
}

/** How the signature of a delivery looks. `stale`: valid, of an old time. */
export type SignatureKind = 'valid' | 'wrong-key' | 'missing' | 'malformed' | 'stale' | 'altered-body';

export interface ExtraMessage {
  /** After the event's own first delivery time. */
  afterMs: number;
  alteration: Alteration | null;
  signature: SignatureKind;
  /** Only for `stale`: how old the signed time is. */
  ageMs?: number;
  /** True: an event of its own (new ids). False: the same event again. */
  newEvent: boolean;
}

/** What the courier does to an event when it is stored. */
export interface EventEffect {
  /** Added to the first delivery's delay. */
  delayMs?: number;
  /** Further deliveries of the same message, each tried once. */
  copies?: { count: number; gapMs: number };
  /** The event itself says something else, validly signed. */
  alteration?: Alteration;
  extra?: ExtraMessage[];
}

/**
 * What the courier does to one delivery. `lost`: never arrives and counts as failed (retried).
 * `lost-silently`: never arrives and the PSP believes it did. `ack`: arrives, its
 * acknowledgement does not.
 */
export interface DeliveryEffect {
  lose?: 'lost' | 'lost-silently' | 'ack';
}

/** What a fault of exchanges may look at. */
export interface ExchangeSubject {
  operation: string;
  /** True after a commit that made webhook events. */
  hasEvents: boolean;
}

/** What a webhook fault may look at. */
export interface EventSubject {
  kind: 'payment' | 'refund' | 'payout';
  /** Neutral state that the event claims: `captured`, `paid`, … */
  state: string;
  /** Number of the try, from 1; 0 when the event is stored. */
  attempt: number;
}

interface BaseKind<P> {
  readonly name: string;
  /** One sentence for the list of faults. */
  readonly summary: string;
  /** Reads and checks `with`; throws a `FaultInputError`. */
  parse(parameters: Parameters): P;
}

export interface ExchangeFault<P> extends BaseKind<P> {
  readonly point: 'before-commit' | 'after-commit';
  /** Only these operations can be hit; absent means all. */
  readonly operations?: readonly string[];
  appliesTo?(subject: ExchangeSubject): boolean;
  effect(parameters: P, draw: Draw): ExchangeEffect;
}

export interface EventFault<P> extends BaseKind<P> {
  readonly point: 'event';
  appliesTo?(subject: EventSubject): boolean;
  effect(parameters: P, draw: Draw, subject: EventSubject): EventEffect;
}

export interface DeliveryFault<P> extends BaseKind<P> {
  readonly point: 'delivery';
  effect(parameters: P, draw: Draw, subject: EventSubject): DeliveryEffect;
}

export type FaultKind = ExchangeFault<unknown> | EventFault<unknown> | DeliveryFault<unknown>;

/** Keeps the parameter type while a kind is written; the registry sees `unknown`. */
export function exchangeFault<P>(kind: ExchangeFault<P>): ExchangeFault<unknown> {
  return kind as ExchangeFault<unknown>;
}
export function eventFault<P>(kind: EventFault<P>): EventFault<unknown> {
  return kind as EventFault<unknown>;
}
export function deliveryFault<P>(kind: DeliveryFault<P>): DeliveryFault<unknown> {
  return kind as DeliveryFault<unknown>;
}
