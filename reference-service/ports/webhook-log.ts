/**
 * What PSPs delivered, to look at: the log of deliveries, counts of what was refused, and the
 * events of the inbox with what became of them. What must hold: nobody who cannot sign makes the
 * log grow; a replay changes the inbox only when the event is not being worked on.
 */
import type { PspEvent } from './psp-adapter.ts';
import type { Unit } from './unit.ts';

export interface Delivery {
  psp: string;
  receivedAt: number;
  /** `duplicate`: every event in it was stored before. */
  status: 'stored' | 'duplicate';
  eventIds: string[];
  /** From its arrival to what was stored of it. */
  ms: number;
}

export interface LoggedDelivery extends Delivery {
  position: number;
}

/** What was refused, counted per hour: its body is nobody's we know, and is not kept. */
export interface RefusalCount {
  psp: string;
  reason: string;
  /** Epoch ms of the beginning of the hour. */
  hour: number;
  count: number;
}

export interface DeliveryFilter {
  psp: string | null;
  status: Delivery['status'] | null;
  since: number | null;
  before: number | null;
  limit: number;
}

export type InboxStatus = 'waiting' | 'done' | 'dead';

/** An event of the inbox, and how it got there. */
export interface ReceivedEvent {
  psp: string;
  event: PspEvent;
  status: InboxStatus;
  /** What it changed, once it is done. */
  outcome: string | null;
  tries: number;
  replays: number;
  receivedAt: number;
  nextStepAt: number | null;
}

export interface ReceivedBytes {
  /** `read`: no delivery, but the PSP's answer to our question. */
  origin: 'delivered' | 'read';
  rawBody: Buffer;
  headers: Record<string, string>;
}

export interface EventKey {
  psp: string;
  eventId: string;
}

export interface WebhookLogStore {
  /** Adds to the log and to the counts, in one statement each. */
  append(unit: Unit, deliveries: readonly Delivery[], refusals: readonly RefusalCount[]): Promise<void>;
  /** Latest first. */
  deliveries(unit: Unit, filter: DeliveryFilter): Promise<LoggedDelivery[]>;
  refusals(unit: Unit, filter: { psp: string | null; since: number | null }): Promise<RefusalCount[]>;
  /** Oldest first. Only what is not done: all that was ever received is no list. */
  events(
    unit: Unit,
    filter: { psp: string | null; status: 'waiting' | 'dead'; after: EventKey | null; limit: number },
  ): Promise<ReceivedEvent[]>;
  find(unit: Unit, key: EventKey): Promise<(ReceivedEvent & ReceivedBytes) | null>;
  /** Puts an event that is done or dead back into the inbox as `event`; false when it waits there anyway. */
  revive(unit: Unit, key: EventKey, event: PspEvent, nowMs: number): Promise<boolean>;
  /** Forgets deliveries and counts before `beforeMs`, and nonces that expired before `nowMs`. */
  reap(unit: Unit, times: { beforeMs: number; nowMs: number }): Promise<void>;
}
