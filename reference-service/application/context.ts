/**
 * Context: everything that a story of the application works with, made once by `app.ts`.
 */
import type { Activity, Clock, Ids, Network } from '../../kernel/index.ts';
import type { CircuitBreaker } from '../domain/circuit-breaker.ts';
import type { ServiceTimings } from '../domain/timings.ts';
import type { PspAdapter, PspConfig } from '../ports/psp-adapter.ts';
import type { Policy } from '../domain/policy.ts';
import type { Reconciliation } from '../domain/reconciliation/terms.ts';
import type { Meter } from '../ports/metrics.ts';
import type { OutboxPort } from '../ports/outbox.ts';
import type { SettlementParsers } from '../ports/settlement.ts';
import type { Database } from '../ports/unit.ts';
import type { EventEndpoint } from './event-endpoint.ts';
import type { KnownDeposits } from './known-deposits.ts';
import type { PspReach } from './psp-reach.ts';
import type { ServiceParts } from './parts.ts';
import type { Router } from './route-state.ts';
import type { Stores } from './all-stores.ts';
import type { WebhookLog } from './webhook-log.ts';

export interface ConfiguredPsp {
  config: PspConfig;
  adapter: PspAdapter;
}

/** Work that outlives the request that began it; nothing of it is left after `stop`. */
export interface Background {
  later(delayMs: number, label: string, task: () => Promise<void>): void;
}

export interface ServiceContext {
  clock: Clock;
  ids: Ids;
  activity: Activity;
  network: Network;
  timings: ServiceTimings;
  policy: Policy;
  reconciliation: Reconciliation;
  /** Readers of the native settlement files, by dialect. */
  settlementParsers: SettlementParsers;
  database: Database;
  stores: Stores;
  parts: ServiceParts;
  outbox: OutboxPort;
  /** Where the platform is told; null when nobody is configured to be told. */
  endpoint: EventEndpoint | null;
  /** Times that an event of a PSP is processed before a person is asked. */
  webhookTries: number;
  webhookLog: WebhookLog;
  /** Answered here just now; their events need not read them. */
  known: KnownDeposits;
  /** In order of preference; a map keeps the order of insertion. */
  psps: ReadonlyMap<string, ConfiguredPsp>;
  breaker: CircuitBreaker;
  router: Router;
  background: Background;
  /** Which PSPs answer, as far as this process has seen. */
  reach: PspReach;
  /** Wakes those who wait for a payment to change; called after the commit. */
  changed(subjectId: string): void;
  /** Asks the worker of this process to look again at this time at the latest. */
  wakeAt(epochMs: number | null): void;
  /** Something is in the outbox; called after the commit. */
  wakeEvents(): void;
  /** Root under which PSPs and browsers reach us, without a trailing slash. */
  publicUrl(): string;
  meter: Meter;
  /** Connections to the database by state, as far as this process pools any. */
  pool(): Readonly<Record<string, number>>;
  /**
   * Runs work about a payment that no request of the platform began (a due step, an event, the
   * player's return) in the trace that the payment was begun in: one trace, from the platform's
   * request to the last call to a PSP. Null: the work keeps its trace.
   */
  inTrace<T>(traceId: string | null, work: () => T): T;
  log(line: Record<string, unknown>): void;
}

/** The PSP of an attempt; a name that is no longer configured is an error of the operator. */
export function pspOf(context: ServiceContext, name: string): ConfiguredPsp {
  const psp = context.psps.get(name);
  if (psp === undefined) throw new Error(`PSP ${name} has attempts in the database but is not configured`);
  return psp;
}
