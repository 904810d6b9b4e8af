/**
 * Parts: the decisions of the service that can be swapped in its composition. Tests put
 * recording parts in; the harness proves its worth by putting in broken ones. Each part's port
 * says what must hold for it.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import type { DepositFact } from '../domain/deposit-fact.ts';
import type { DepositMachine } from '../domain/deposit-machine.ts';
import type { EventMatcher } from '../domain/event-matcher.ts';
import type { FailoverPolicy } from '../domain/failover.ts';
import type { PayoutPolicy } from '../domain/payout-policy.ts';
import type { InboxPort } from '../ports/inbox.ts';
import type { LedgerPort } from '../ports/ledger.ts';
import type { RiskPort } from '../ports/risk.ts';
import type { OutboxPort } from '../ports/outbox.ts';
import type { PspAdapterFactory, WebhookVerifiers } from '../ports/psp-adapter.ts';
import type { SettlementParsers } from '../ports/settlement.ts';
import type { Stores } from './all-stores.ts';

/** The browser of the player came back. */
export interface ReturnVisit {
  payment: Payment;
  /** The attempt that the player was sent away for, null when none is live. */
  attempt: Attempt | null;
  query: Record<string, string>;
  /** The PSP's protocol asks us to hand it the query. */
  needsReturn: boolean;
}

export interface ReturnTools {
  /** Hands the query to the PSP and learns what it answers. */
  submitReturn(): Promise<void>;
  /** Tells the deposit machine a fact about the attempt. */
  learn(fact: DepositFact): Promise<void>;
}

/** What must hold: coming back is no proof; nothing that the browser says may move money. */
export type ReturnHandler = (visit: ReturnVisit, tools: ReturnTools) => Promise<void>;

export const onReturn: ReturnHandler = async (visit, tools) => {
  if (visit.needsReturn) await tools.submitReturn();
};

/**
 * The key under which a PSP deduplicates an attempt. What must hold: the same text for every
 * try of one attempt, another one for every other attempt, at most 64 characters.
 */
export type PspIdempotencyKey = (attempt: { attemptId: string; seq: number }) => string;

export const pspIdempotencyKey: PspIdempotencyKey = ({ attemptId }) => `key-${attemptId}`;

export interface ServiceParts {
  webhookVerifiers: WebhookVerifiers;
  createPspAdapter: PspAdapterFactory;
  eventMatcher: EventMatcher;
  inbox: InboxPort;
  ledger: LedgerPort;
  pspIdempotencyKey: PspIdempotencyKey;
  failoverPolicy: FailoverPolicy;
  depositMachine: DepositMachine;
  payoutPolicy: PayoutPolicy;
  onReturn: ReturnHandler;
  risk: RiskPort;
  /** What the service remembers. */
  stores: Stores;
  /** What the platform is told, stored with what it is about. */
  outbox: OutboxPort;
  /** Readers of the native settlement files, by dialect. */
  settlementParsers: SettlementParsers;
}
