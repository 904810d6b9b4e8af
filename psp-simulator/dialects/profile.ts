/**
 * Profile: the numbers by which one PSP differs from another. A dialect states its defaults,
 * a scenario or the control API changes them. Everything is milliseconds of the run's clock.
 */
import type { Distribution } from '../../kernel/index.ts';
import type { SettlementTerms } from '../settlement/settlement.ts';

/** At most `requests` in any `windowMs`. */
export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

export interface PspProfile {
  /** How long an idempotency key is remembered. */
  keyLifeMs: number;
  /** How long after its creation a record stays invisible to status queries by the merchant's reference. */
  visibilityLagMs: number;
  /** Time an ordinary answer takes. */
  latency: Distribution;
  /** From a book change to the first delivery of its webhook. */
  firstDelivery: Distribution;
  /** Pauses before the second, third, … delivery. After the last one the event is a dead letter. */
  retryScheduleMs: readonly number[];
  /** How long the PSP waits for the acknowledgement of a delivery. */
  ackTimeoutMs: number;
  /** How long a 3DS challenge stays open. */
  challengeLifeMs: number;
  /** From the creation of a payout to the receiving bank's word. */
  payoutSettlement: Distribution;
  /** From the creation of a pending refund to its end. */
  refundSettlement: Distribution;
  /** From a success to the refund that fails late. */
  refundLateFailure: Distribution;
  /** From a paid payout to the bank that sends it back. */
  payoutReturn: Distribution;
  /** How long authorized money stays reserved; 0: for ever. */
  authorizationLifeMs: number;
  /** How long a payment that nobody attempts stays open; 0: for ever. */
  openLifeMs: number;
  /** From a capture to the cardholder's dispute, for payments that are to be disputed. */
  disputeDelay: Distribution;
  /** How long the merchant may hand in evidence. */
  disputeEvidenceMs: number;
  /** From the evidence to the decision. */
  disputeDecision: Distribution;
  /** `published`: the limit that the PSP publishes; absent: none. */
  rateLimit?: 'published' | RateLimit;
  /** What of the dialect's settlement terms is different. */
  settlement?: Partial<SettlementTerms>;
  /**
   * Event types that the merchant's endpoint is subscribed to, in the dialect's own words; `*`
   * for all. Absent: the dialect's default. Only dialects whose PSP has subscriptions read it.
   */
  webhookEvents?: readonly string[];
}
