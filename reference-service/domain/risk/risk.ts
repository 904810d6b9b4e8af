/**
 * What a judgement of risk is about, what it may look at, and what it says.
 */
import type { PaymentMethod } from '../deposit.ts';
import type { Player } from '../player.ts';

export interface RiskSubject {
  kind: 'deposit' | 'payout';
  /** Of the payment or payout that would begin. */
  id: string;
  playerId: string;
  amountMinor: number;
  currency: string;
  method: PaymentMethod;
  /** What is paid with, or to. */
  token: string;
  /** Country of the session, where the platform said it. */
  country: string | null;
  bin: string | null;
  /** Epoch ms. */
  nowMs: number;
}

/** What we know of the player; numbers are those of the last hour, this payment not among them. */
export interface RiskFacts {
  player: Player | null;
  attempts: number;
  declines: number;
  /** Different tokens of the last hour. */
  tokens: readonly string[];
}

export interface RiskAssessment {
  /** `step_up`: a deposit is challenged (SCA), a payout is looked at by a person. */
  decision: 'allow' | 'step_up' | 'deny';
  /** 0 to 100. */
  score: number;
  /** Codes such as `velocity_declines`. */
  reasons: readonly string[];
}
