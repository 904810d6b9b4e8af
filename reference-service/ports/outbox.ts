/**
 * Outbox: what the platform is to be told. What must hold: an event is stored in the same commit
 * as what it is about, and delivered at least once afterwards, in no promised order.
 */
import type { Unit } from './unit.ts';

export const OUTGOING_TYPES = [
  'deposit.authorized',
  'deposit.succeeded',
  'deposit.declined',
  'deposit.canceled',
  'deposit.failed',
  'deposit.refunded',
  'refund.succeeded',
  'refund.failed',
  'chargeback.opened',
  'chargeback.won',
  'chargeback.lost',
  'payout.deferred',
  'payout.review',
  'payout.succeeded',
  'payout.failed',
  'payout.returned',
  'case.opened',
  'case.resolved',
] as const;
export type OutgoingType = (typeof OUTGOING_TYPES)[number];

export interface OutgoingEvent {
  /** Constant over deliveries: the receiver's key against duplicates. */
  id: string;
  type: OutgoingType;
  /** Payment, payout, refund or case id. */
  subjectId: string;
  playerId: string | null;
  occurredAt: number;
  /** The subject as the API shows it, or a part of it. */
  data: Record<string, unknown>;
  /** What metrics tell apart beside `data`; neither stored nor sent. */
  labels?: EventLabels;
}

export interface EventLabels {
  country: string | null;
  device: string | null;
  bank: string | null;
}

export interface OutboxPort {
  /** @param nextStepAt when it is first delivered; null when nobody is configured to be told */
  add(unit: Unit, event: OutgoingEvent, nextStepAt: number | null): Promise<void>;
}

/** `untold`: nobody was configured to be told when it was stored; kept for a while, for a replay. `dead`: the schedule is over. */
export type OutgoingStatus = 'waiting' | 'untold' | 'delivered' | 'dead';

/** An event with what became of telling it. */
export interface ToldEvent extends OutgoingEvent {
  status: OutgoingStatus;
  /** Tries since it was stored, or since it was replayed. */
  tries: number;
  replays: number;
  deliveredAt: number | null;
  nextStepAt: number | null;
}

/** An event that this process, and no other, tells until `leaseUntil`. */
export interface ClaimedEvent extends ToldEvent {
  leaseUntil: number;
}

export interface EventTry {
  /** 1 for the first since the event was stored or replayed. */
  number: number;
  at: number;
  /** HTTP status; null when there was no answer. */
  status: number | null;
  /** Why it does not count as told; null when it does. */
  error: string | null;
  ms: number;
  /** SHA-256 of the body of the answer, hexadecimal; null when there was none. */
  responseHash: string | null;
  nextStepAt: number | null;
}

export interface EndpointState {
  /** Nothing is delivered before: the endpoint asked for a pause. */
  pausedUntil: number | null;
  /** Nothing is delivered until a person resumes it: the endpoint said that it is gone. */
  disabledAt: number | null;
  disabledReason: string | null;
}

export interface EventFilter {
  status: OutgoingStatus | null;
  type: string | null;
  subjectId: string | null;
  playerId: string | null;
  /** Epoch ms, of what happened. */
  since: number | null;
  after: string | null;
  limit: number;
}

/**
 * The other side of the outbox: delivering and looking. What must hold: an event is claimed by
 * one process at a time; a claim that nobody ends is over at its lease; what was delivered stays
 * delivered until somebody replays it.
 */
export interface EventStore {
  /** Due events, earliest first, none while the endpoint is paused or disabled. */
  claim(unit: Unit, claim: { url: string; nowMs: number; leaseUntil: number; limit: number }): Promise<ClaimedEvent[]>;
  /** When `claim` can have something; null when nothing waits or the endpoint is disabled. */
  nextAt(unit: Unit, url: string): Promise<number | null>;
  /** Logs the try and, unless the lease is another's by now, what follows; true when it follows. */
  record(unit: Unit, claimed: ClaimedEvent, entry: EventTry, status: OutgoingStatus): Promise<boolean>;
  endpoint(unit: Unit, url: string): Promise<EndpointState>;
  pause(unit: Unit, url: string, untilMs: number): Promise<void>;
  /** True when it was not disabled before. */
  disable(unit: Unit, url: string, nowMs: number, reason: string): Promise<boolean>;
  resume(unit: Unit, url: string): Promise<void>;
  find(unit: Unit, id: string): Promise<ToldEvent | null>;
  tries(unit: Unit, id: string): Promise<EventTry[]>;
  /** Oldest first. */
  list(unit: Unit, filter: EventFilter): Promise<ToldEvent[]>;
  /** Starts its schedule again, unless it is being delivered right now. False: there is no such event. */
  replay(unit: Unit, id: string, nowMs: number): Promise<boolean>;
  /** As `replay`, for everything that happened since; gives how many. */
  replaySince(unit: Unit, replay: { since: number; only: ReplaySelection; nowMs: number }): Promise<number>;
  /** Forgets what happened before `beforeMs` and was not to be told to anybody; gives how many. */
  reapUntold(unit: Unit, beforeMs: number): Promise<number>;
  /** Forgets tries before `beforeMs`; gives how many. */
  reapTries(unit: Unit, beforeMs: number): Promise<number>;
}

/** `undelivered`: dead, and what was stored while nobody was configured to be told. */
export const REPLAY_SELECTIONS = ['dead', 'undelivered', 'all'] as const;
export type ReplaySelection = (typeof REPLAY_SELECTIONS)[number];
