/**
 * Policy: what the operator decides about players and payouts. Amounts in minor units by
 * currency. What is not set does not apply: without any policy every deposit and every payout
 * that the wallet covers is let through.
 */
import type { KycLevel } from './player.ts';

export type AmountByCurrency = Readonly<Record<string, number>>;

/** From this many on the rule speaks; null: never. */
export interface Threshold {
  stepUp: number | null;
  deny: number | null;
}

/** Numbers are per player and hour. */
export interface RiskRules {
  /** Deposits (or payouts) started. */
  attempts: Threshold;
  /** Deposits declined (payouts failed). */
  declines: Threshold;
  /** Different cards, accounts or destinations. */
  tokens: Threshold;
  /** The session's country is neither that of the card nor of the registration. */
  countryMismatch: 'allow' | 'step_up' | 'deny';
  /** Country by the first digits of a card; the longest prefix counts. */
  binCountries: Readonly<Record<string, string>>;
  /** Step-up from these amounts for players registered less than `withinMs` ago, or never told of. */
  newPlayer: { withinMs: number; fromMinor: AmountByCurrency } | null;
}

export interface PayoutRules {
  /** Each deposit must be wagered this many times before a payout; null: need not. */
  wageringFactor: number | null;
  /** Most that a player may be paid per UTC day. */
  dailyLimitMinor: AmountByCurrency;
  /** The KYC level that a payout of at least `fromMinor` needs. */
  kycLevels: readonly { currency: string; fromMinor: number; level: KycLevel }[];
  /** A person looks at payouts from this amount on. */
  reviewFromMinor: AmountByCurrency;
  /**
   * Pay back where the deposits came from: `prefer` chooses their PSP, `require` also refuses
   * another method while deposits of one are not paid back.
   */
  closedLoop: 'off' | 'prefer' | 'require';
}

export interface Policy {
  /** A raised or removed deposit limit takes effect after this time. */
  limitRaiseWaitMs: number;
  /** Null: risk is not judged. */
  risk: RiskRules | null;
  payouts: PayoutRules;
}

/** A night's sleep over it, as regulators ask. */
const LIMIT_RAISE_WAIT_MS = 86_400_000;

export const NO_THRESHOLD: Threshold = { stepUp: null, deny: null };

export const DEFAULT_POLICY: Policy = {
  limitRaiseWaitMs: LIMIT_RAISE_WAIT_MS,
  risk: null,
  payouts: { wageringFactor: null, dailyLimitMinor: {}, kycLevels: [], reviewFromMinor: {}, closedLoop: 'off' },
};
