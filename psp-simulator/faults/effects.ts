/**
 * Effects: everything that a fault can want done, as data. A fault kind returns one, the plan
 * records the hit, engine and courier carry it out. Times are milliseconds.
 */
import type { Alteration } from '../core/alter-change.ts';
import type { ProblemCode } from '../core/problem.ts';
import type { CardholderAction } from '../core/records.ts';
import type { SettlementLine } from '../settlement/settlement.ts';

/** An answer on the wire, whoever wrote it. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A lasting state of a PSP that shows in many places. */
export interface Condition {
  /** Its clock is so far ahead of the true time (negative: behind). Signatures and Date headers show it. */
  clockSkewMs?: number;
  /** It forgets idempotency keys after this time, whatever it says. */
  keyLifeMs?: number;
  /** It signs with the key before the last rotation. */
  signsWithOldKey?: boolean;
  /** Its TLS certificate has run out. */
  certificateExpired?: boolean;
}

/** What the engine does to an exchange. Waits come first, then the rest. */
export interface ExchangeEffect {
  waitMs?: number;
  /** Answer this, in the PSP's own error format, instead of what the books say. */
  answer?: {
    code: ProblemCode;
    message: string;
    status?: number;
    headers?: Record<string, string>;
    /** True: the idempotency layer keeps this answer for the key, as PSPs do that store their 500s. */
    remembered?: boolean;
  };
  /** Answer this, which is not the PSP's format at all. */
  raw?: RawAnswer;
  /** What becomes of the answer on its way; after the commit only. */
  rewrite?: (answer: RawAnswer) => RawAnswer;
  /** `reset`: drop the connection. `hang`: never answer. `truncate`: half an answer, then drop. */
  end?: 'reset' | 'hang' | 'truncate';
  /** The bytes of the answer come in many small pieces, over this time. */
  dripMs?: number;
  /** Added to the lag of status queries; Infinity hides a record for good. */
  visibilityLagMs?: number;
  /** A query is answered as it was the last time, if that is no longer ago than this. */
  cachedForMs?: number;
  /** The request is processed a second time, as if it were another one. */
  processTwice?: boolean;
  /** Deliver this exchange's events, and await their acknowledgement, before answering. */
  deliverEventsFirst?: boolean;
}

/** How the signature of a delivery looks. `stale`: valid, of an old time. `old-key`: valid, by the key before the last rotation. */
export type SignatureKind = 'valid' | 'old-key' | 'wrong-key' | 'missing' | 'malformed' | 'stale' | 'altered-body';

/** An event that no change of the books makes. */
export type StrangeKind = 'unknown-type' | 'foreign-payment' | 'foreign-payment-own-reference' | 'wrong-environment';

export interface ExtraMessage {
  /** After the event's own first delivery time. */
  afterMs: number;
  alteration: Alteration | null;
  signature: SignatureKind;
  /** Only for `stale`: how old the signed time is. */
  ageMs?: number;
  /** True: an event of its own (new ids). False: the same event again. */
  newEvent: boolean;
  strange?: StrangeKind;
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
  /** This try's body is broken or huge, validly signed. */
  body?: { as: 'malformed' } | { as: 'giant'; bytes: number };
}

/** What happens when the payer acts on a page. */
export interface CardholderEffect {
  /** What is done instead of what the person wanted. */
  action?: CardholderAction;
  /** The page takes that long. */
  waitMs?: number;
  /** The challenge runs out before the person is done. */
  expireFirst?: boolean;
  /** The browser comes back to the shop a second time, at the same instant. */
  returnTwice?: boolean;
}

/** What a settlement batch says instead of the truth. */
export interface SettlementEffect {
  /** Ids of lines that are left out. */
  remove?: readonly string[];
  /** Put in the place of the first removed line, else at the end. */
  add?: readonly SettlementLine[];
  /** Lines that come in the next batch of this PSP and currency instead. */
  hold?: readonly SettlementLine[];
  /** Minor units that are missing from the transfer although the lines are right. */
  transferLessMinor?: number;
  /** For the history. */
  evidence: Readonly<Record<string, string | number | null>>;
}
