/**
 * Payout: money that leaves a wallet. Reserved at once, posted when the PSP proves payment,
 * voided only when failure is proven; until then it stays reserved.
 */
import { LIVE_STATUSES, type Attempt, type PaymentMethod } from './deposit.ts';

export const PAYOUT_STATUSES = ['pending', 'deferred', 'succeeded', 'failed', 'returned'] as const;
export type PayoutStatus = (typeof PAYOUT_STATUSES)[number];

export interface Payout {
  id: string;
  txnId: string;
  playerId: string;
  amountMinor: number;
  currency: string;
  method: PaymentMethod;
  destinationToken: string;
  /** ISO 3166 country that the money goes to, as far as it is known. */
  country: string | null;
  /** Bank of a payout to a bank, in the PSP's directory word. */
  bank: string | null;
  preferredPsp: string | null;
  /** The only PSP that knows the destination: it is a method kept there. */
  pinnedPsp: string | null;
  traceId: string | null;
  /** `deferred`: no PSP could be reached; the worker sends it later. `returned`: paid, and sent back by the bank. */
  status: PayoutStatus;
  /** Why it failed, in words that the platform may show. */
  failureReason: string | null;
  /** When it first had to wait for a PSP; the platform is told then, and not again. */
  deferredAt: number | null;
  createdAt: number;
  updatedAt: number;
  /** From then on no new attempt is made; without a live one the payout fails. */
  expiresAt: number;
  nextStepAt: number | null;
}

/** Attempts of payouts use the words of deposits; `approved` means accepted or paid by the PSP. */
export function livePayoutAttempt(attempts: readonly Attempt[]): Attempt | null {
  return attempts.find((attempt) => LIVE_STATUSES.includes(attempt.status)) ?? null;
}

/** Nothing is sent for it any more. A final payout may still come back: `succeeded` becomes `returned`. */
export function isPayoutFinal(status: PayoutStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'returned';
}

/** The payout waits for a PSP; since when stays what it was the first time. */
export function deferred(payout: Payout, nowMs: number): Payout {
  return { ...payout, status: 'deferred', deferredAt: payout.deferredAt ?? nowMs };
}
