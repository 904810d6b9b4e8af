/**
 * What a service is made of: configuration, ports and the door's types.
 */
import type { Knex } from 'knex';
import type { Activity, Clock, Ids, Network } from '../kernel/index.ts';
import type { EventEndpointConfig } from './application/event-endpoint.ts';
import type { RateLimits } from './http/admission.ts';
import type { ApiKeyConfig } from './http/api-keys.ts';
import type { RoutingConfig } from './domain/routing/routing-config.ts';
import type { ServiceTimings } from './domain/timings.ts';
import type { PolicyDocument, ReconciliationDocument } from './config/index.ts';
import type { ServiceMetrics } from './observability/metrics.ts';
import type { Spans } from './observability/spans.ts';
import type { PspConfig } from './ports/psp-adapter.ts';

export type ServicePspConfig = PspConfig;

export interface ServiceConfig {
  /** A bearer token that may do everything; with `apiKeys` it may be left out. */
  apiKey?: string;
  /** Keys with a name and scopes; several of one name while one is replaced by the other. */
  apiKeys?: readonly ApiKeyConfig[];
  /** Where PSPs and browsers reach us, without a trailing slash; default: the address we listen on. */
  publicUrl?: string;
  /** TCP only; 0 (the default) lets the system choose. */
  port?: number;
  /** TCP only; default 127.0.0.1. */
  host?: string;
  /** Name of the listener: the host name in memory; default `payments`. */
  name?: string;
  /** In order of preference. */
  psps: readonly ServicePspConfig[];
  /** What differs from `DEFAULT_TIMINGS`. */
  timings?: Partial<ServiceTimings>;
  /** Limits, risk and checks of payouts; without it nothing of that applies. */
  policy?: PolicyDocument;
  /** Where payments go; default: to the first PSP that can take them. */
  routing?: RoutingConfig;
  /** What is agreed with PSPs about settlement; without it files are matched without terms. */
  reconciliation?: ReconciliationDocument;
  /** Where the platform is told of what happens; without it events are stored and listed only. */
  events?: EventEndpointConfig;
  /** Times that an event of a PSP is processed before it is dead and a case; default 10. */
  webhookTries?: number;
  /** Deposits that are under way together share statements and commits; default: each has its own. */
  databaseBatching?: boolean;
  /** Requests per minute, per process; what is left out has no limit. */
  limits?: Partial<RateLimits>;
}

export interface ServicePorts {
  clock: Clock;
  ids: Ids;
  network: Network;
  activity: Activity;
  knex: Knex;
  log?: (line: Record<string, unknown>) => void;
  /** Where spans go; default: nowhere. */
  spans?: Spans;
}

export interface Service {
  /** Where it listens, after `start`. */
  readonly url: string;
  /** What this process counts; a process may add its own to the registry. */
  readonly metrics: ServiceMetrics;
  /** Listens and starts the worker. */
  start(): Promise<void>;
  /**
   * Stops listening, cancels what waits, and resolves when what runs has ended; a running PSP
   * call takes up to its time-out of the clock, so a virtual clock must be run meanwhile.
   * `graceMs` is how long requests that run may take to end. The knex instance stays the caller's.
   */
  stop(options?: { graceMs?: number }): Promise<void>;
  /** From now on the service says that it is not ready, and goes on serving. */
  leave(): void;
}
