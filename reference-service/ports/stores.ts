/**
 * Stores: what the application remembers besides money and webhooks. One interface per kind
 * of thing; every call names the unit of work that it belongs to.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import type { Payout } from '../domain/payout.ts';
import type { PayoutListFilter, PayoutReview } from './players.ts';
import type { RowVersions } from './known.ts';
import type { RoutedAttempt } from './routes.ts';
import type { Unit } from './unit.ts';

export interface KeyClaim {
  /** API key and endpoint. */
  scope: string;
  key: string;
  fingerprint: string;
  nowMs: number;
  lockedUntilMs: number;
  expiresAtMs: number;
}

export interface StoredKey {
  fingerprint: string;
  subjectId: string | null;
  lockedUntilMs: number;
  responseStatus: number | null;
  responseBody: unknown;
}

export interface KeyStore {
  /** What an earlier request under this key left behind. */
  find(unit: Unit, scope: string, key: string): Promise<StoredKey | null>;
  /** One statement: true when the key is ours now (never seen, or expired). */
  claim(unit: Unit, claim: KeyClaim, subjectId: string | null): Promise<boolean>;
  /** Stores the definitive answer, or only its status when the body is rebuilt from the subject; ends the lease. */
  complete(unit: Unit, scope: string, key: string, answer: { status: number; body: unknown }): Promise<void>;
  /** Forgets a claim whose request changed nothing. */
  release(unit: Unit, scope: string, key: string): Promise<void>;
  /** Removes keys whose life is over; returns how many. */
  reap(unit: Unit, nowMs: number): Promise<number>;
}

export interface DepositStore {
  /**
   * Claims the key and stores the payment with its first attempt and the decision behind it, in one statement. `taken`:
   * the key is, and nothing was stored. `guarded`: nothing was stored because the player has
   * limits, which are compared under his lock first; only asked for with `unlessGuarded`.
   */
  start(
    unit: Unit,
    claim: KeyClaim,
    payment: Payment,
    first: { attempt: Attempt | null; route: RoutedAttempt },
    options: { unlessGuarded: boolean },
  ): Promise<{ kind: 'started'; versions: RowVersions } | { kind: 'taken' | 'guarded' }>;
  find(unit: Unit, paymentId: string): Promise<{ payment: Payment; attempts: Attempt[] } | null>;
  /** As `find`, with the payment locked until the transaction ends. */
  lock(unit: Unit, paymentId: string): Promise<{ payment: Payment; attempts: Attempt[] } | null>;
  save(unit: Unit, payment: Payment): Promise<void>;
  /** Takes the payment's due step: true for one caller only; the next one may come after `untilMs`. */
  takeStep(unit: Unit, paymentId: string, dueAt: number, untilMs: number): Promise<boolean>;
}

export interface LocatedAttempt {
  kind: 'deposit' | 'payout';
  attemptId: string;
  /** The payment or payout. */
  subjectId: string;
  /** The PSP that the attempt was made at, and its id there, once learned. */
  psp: string;
  pspReference: string | null;
}

export interface AttemptStore {
  /** Stores the attempt and the decision that led to it, in one statement. */
  insert(unit: Unit, kind: 'deposit' | 'payout', attempt: Attempt, route: RoutedAttempt): Promise<void>;
  save(unit: Unit, attempt: Attempt): Promise<void>;
  /** Finds by our id, else by our refund's id, else by the PSP's id at that PSP. */
  locate(
    unit: Unit,
    psp: string,
    ids: { reference: string | null; pspReference: string | null },
  ): Promise<LocatedAttempt | null>;
}

export interface PayoutStore {
  insert(unit: Unit, payout: Payout): Promise<void>;
  find(unit: Unit, payoutId: string): Promise<{ payout: Payout; attempts: Attempt[] } | null>;
  lock(unit: Unit, payoutId: string): Promise<{ payout: Payout; attempts: Attempt[] } | null>;
  save(unit: Unit, payout: Payout): Promise<void>;
  takeStep(unit: Unit, payoutId: string, dueAt: number, untilMs: number): Promise<boolean>;
  /** Oldest first, after the payout `after`; with the state of their review. */
  list(unit: Unit, filter: PayoutListFilter): Promise<{ payout: Payout; review: PayoutReview['status'] | null }[]>;
  /** If this payout is the oldest deferred one it is tried at `atMs` at the latest; gives that time when it was moved. */
  probeDeferred(unit: Unit, payoutId: string, atMs: number): Promise<number | null>;
  /**
   * The oldest `most` deferred payouts are tried `everyMs` apart, none before it has rested
   * `restMs` since its last try; gives the earliest time of those moved.
   */
  pullDeferred(
    unit: Unit,
    pull: { nowMs: number; everyMs: number; restMs: number; most: number },
  ): Promise<number | null>;
}

/** Something that the worker should look at. */
export interface DueWork {
  kind: 'inbox' | 'deposit' | 'payout' | 'refund' | 'psp' | 'reconciliation';
  /** Payment, payout or refund id; for the inbox the event id; for a PSP its name. */
  id: string;
  /** Inbox only, else an empty text. */
  psp: string;
  dueAt: number;
}

export interface AgendaStore {
  /** The next `limit` pieces of work, due or not, earliest first (ties: kind, psp, id). */
  next(unit: Unit, limit: number): Promise<DueWork[]>;
}
