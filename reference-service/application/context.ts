/**
 * Context: everything that a story of the application works with, made once by `app.ts`.
 */
import type { Activity, Clock, Ids } from '../../kernel/index.ts';
import type { CircuitBreaker } from '../domain/circuit-breaker.ts';
import type { ServiceTimings } from '../domain/timings.ts';
import type { PspAdapter, PspConfig } from '../ports/psp-adapter.ts';
import type {
  AgendaStore,
  AttemptStore,
  CaseStore,
  DepositStore,
  KeyStore,
  PayoutStore,
  RefundStore,
} from '../ports/stores.ts';
import type { OutboxPort } from '../ports/outbox.ts';
import type { Database } from '../ports/unit.ts';
import type { ServiceParts } from './parts.ts';

export interface Stores {
  keys: KeyStore;
  deposits: DepositStore;
  attempts: AttemptStore;
  payouts: PayoutStore;
  refunds: RefundStore;
  cases: CaseStore;
  agenda: AgendaStore;
}

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
  timings: ServiceTimings;
  database: Database;
  stores: Stores;
  parts: ServiceParts;
  outbox: OutboxPort;
  /** In order of preference; a map keeps the order of insertion. */
  psps: ReadonlyMap<string, ConfiguredPsp>;
  breaker: CircuitBreaker;
  background: Background;
  /** Wakes those who wait for a payment to change; called after the commit. */
  changed(subjectId: string): void;
  /** Asks the worker of this process to look again at this time at the latest. */
  wakeAt(epochMs: number | null): void;
  /** Root under which PSPs and browsers reach us, without a trailing slash. */
  publicUrl(): string;
  log(line: Record<string, unknown>): void;
}

/** The PSP of an attempt; a name that is no longer configured is an error of the operator. */
export function pspOf(context: ServiceContext, name: string): ConfiguredPsp {
  const psp = context.psps.get(name);
  if (psp === undefined) throw new Error(`PSP ${name} has attempts in the database but is not configured`);
  return psp;
}
