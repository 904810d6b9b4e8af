/**
 * Stores of what decides who may pay and how much: players, their limits, judgements of risk,
 * and what payouts were checked for.
 *
 * What must hold: `lock` and `lockOrCreate` hold the player until the transaction ends; the
 * sums are those of the unit, so whoever locked before reading reads the truth.
 */
import type { PaymentMethod } from '../domain/deposit.ts';
import type { DepositLimit } from '../domain/limits/deposit-limit.ts';
import type { UsedByPeriod } from '../domain/limits/limit-breach.ts';
import type { MoneyWay, PayoutRoute } from '../domain/payout-checks/closed-loop.ts';
import type { Player } from '../domain/player.ts';
import type { RiskAssessment, RiskFacts } from '../domain/risk/risk.ts';
import type { Unit } from './unit.ts';

/** Something that must be wagered beside the deposits: a bonus. One per reference, for ever. */
export interface WageringRequirement {
  reference: string;
  currency: string;
  amountMinor: number;
}

export interface PlayerStore {
  find(unit: Unit, playerId: string): Promise<Player | null>;
  lock(unit: Unit, playerId: string): Promise<Player | null>;
  lockOrCreate(unit: Unit, playerId: string, nowMs: number): Promise<Player>;
  save(unit: Unit, player: Player): Promise<void>;
  /** The first KYC request stays; creates the player. */
  noteKycRequest(unit: Unit, playerId: string, nowMs: number): Promise<void>;
}

export interface LimitStore {
  /** All limits of the player, by currency and period. */
  list(unit: Unit, playerId: string): Promise<DepositLimit[]>;
  save(unit: Unit, playerId: string, limit: DepositLimit): Promise<void>;
  /** Deposits of the current periods that are pending, authorized or succeeded. */
  deposited(unit: Unit, playerId: string, currency: string, nowMs: number): Promise<UsedByPeriod>;
  /** Payouts since `sinceMs` that did not fail. */
  paidOut(unit: Unit, playerId: string, currency: string, sinceMs: number): Promise<number>;
}

export interface WageringStore {
  /** False: this reference has other content already. */
  require(unit: Unit, playerId: string, requirement: WageringRequirement, nowMs: number): Promise<boolean>;
  /**
   * What must still be wagered since the last payout that was let through. Each deposit asks for
   * `factor` times its amount at its time, each bet reduces what is open at its time; a bet
   * before a deposit does not count for it.
   */
  outstanding(unit: Unit, playerId: string, currency: string, factor: number): Promise<number>;
  /** Currencies in which the player has a wallet or a requirement. */
  currencies(unit: Unit, playerId: string): Promise<string[]>;
}

export interface StoredRisk extends RiskAssessment {
  subjectId: string;
  kind: 'deposit' | 'payout';
  playerId: string;
  decidedAt: number;
}

export interface RiskStore {
  facts(unit: Unit, kind: 'deposit' | 'payout', playerId: string, sinceMs: number): Promise<RiskFacts>;
  insert(unit: Unit, risk: StoredRisk): Promise<void>;
  find(unit: Unit, subjectId: string): Promise<StoredRisk | null>;
}

export interface PayoutReview {
  status: 'waiting' | 'approved' | 'rejected';
  reasons: string[];
  openedAt: number;
  decidedAt: number | null;
  note: string | null;
}

/** What a payout was checked for, beside the payout itself. */
export interface PayoutCheck {
  payoutId: string;
  route: PayoutRoute | null;
  review: PayoutReview | null;
}

export interface PayoutCheckStore {
  insert(unit: Unit, check: PayoutCheck): Promise<void>;
  find(unit: Unit, payoutId: string): Promise<PayoutCheck | null>;
  decide(unit: Unit, payoutId: string, review: PayoutReview): Promise<void>;
  /** Holds the wallet until the transaction ends; payouts of it are then checked one by one. */
  lockWallet(unit: Unit, playerId: string, currency: string): Promise<void>;
  /** The method that the PSP keeps of the player's last credited deposit by this method; null when it keeps none. */
  keptDestination(
    unit: Unit,
    way: { playerId: string; psp: string; method: PaymentMethod },
  ): Promise<{ storedMethodId: string; token: string } | null>;
  /** By which ways the player paid in and was paid out. */
  ways(unit: Unit, playerId: string, currency: string): Promise<MoneyWay[]>;
}

export interface PayoutListFilter {
  status: string | null;
  review: PayoutReview['status'] | null;
  playerId: string | null;
  /** Id of the last payout already seen. */
  after: string | null;
  limit: number;
}
