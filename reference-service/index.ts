/**
 * The door of the reference service: a payments service over several PSPs that shows how it
 * is done right, and the parts that a harness may swap to break it on purpose.
 */
export { createService, defaultParts } from './app.ts';
export { migrate } from './adapters/postgres/migrate.ts';
/** For parts that bring their own SQL: rows of one statement of a unit of work. */
export { sqlOf } from './adapters/postgres/unit.ts';
export { createPspAdapter, settlementParsers, webhookVerifiers } from './adapters/psp/index.ts';
/** How what the platform is told is signed, for those who hold it against vectors. */
export { signedHeaders, signerOf } from './application/sign-event.ts';
/** For those who try an adapter. */
export { EXAMPLE_MONEY, exampleCapture, examplePayment, examplePayout, exampleRefund } from './ports/example-calls.ts';
export type { Service, ServiceConfig, ServicePorts, ServicePspConfig } from './service-config.ts';
export type { PspIdempotencyKey, ReturnHandler, ReturnTools, ReturnVisit, ServiceParts } from './application/parts.ts';
export { DEFAULT_TIMINGS, type ServiceTimings } from './domain/timings.ts';
export { ERRORS, type ErrorCode, type ErrorKind } from './domain/errors.ts';
export type { DepositDecision, DepositMachine, DepositSnapshot } from './domain/deposit-machine.ts';
export type { DepositFact, FactOutcome, FactSource } from './domain/deposit-fact.ts';
export type { Attempt, AttemptStatus, Payment, PaymentStatus } from './domain/deposit.ts';
export type { EventMatcher, MatchResult } from './domain/event-matcher.ts';
/** The router, for those who measure it. */
export * as routing from './domain/routing/index.ts';
export { Router, type RouterOptions } from './application/route-state.ts';
export type { RouteStore } from './ports/routes.ts';
export type { FailoverPolicy } from './domain/failover.ts';
export type { Payout, PayoutStatus } from './domain/payout.ts';
export type { PayoutDecision, PayoutFact, PayoutPolicy } from './domain/payout-policy.ts';
export type { InboxMessage, InboxPort, StoredEvent } from './ports/inbox.ts';
export type { LedgerCommand, LedgerOutcome, LedgerPort } from './ports/ledger.ts';
export type * from './ports/psp-adapter.ts';
export type * from './ports/settlement.ts';
export type { Stores } from './application/all-stores.ts';
export type { KeyClaim } from './ports/stores.ts';
export type { Database, Unit } from './ports/unit.ts';
