/**
 * Whether one more deposit (or payout) fits under limits. Pure: sums come from the caller, who
 * holds the lock under which they are true.
 */
import { settledLimit, type DepositLimit } from './deposit-limit.ts';
import { periodWindow, type LimitPeriod } from './period.ts';

/** Sum of what counts since the beginning of each period, in minor units. */
export type UsedByPeriod = Readonly<Record<LimitPeriod, number>>;

export interface LimitBreach {
  period: LimitPeriod;
  limitMinor: number;
  usedMinor: number;
  /** What may still be paid in; never below zero. */
  availableMinor: number;
  /** When the period ends, epoch ms. */
  resetsAt: number;
}

/** The tightest limit that `amountMinor` more would exceed; null when it fits. */
export function limitBreach(
  limits: readonly DepositLimit[],
  used: UsedByPeriod,
  amountMinor: number,
  nowMs: number,
): LimitBreach | null {
  let tightest: LimitBreach | null = null;
  for (const limit of limits) {
    const limitMinor = settledLimit(limit, nowMs).amountMinor;
    const usedMinor = used[limit.period];
    if (limitMinor === null || usedMinor + amountMinor <= limitMinor) continue;
    const availableMinor = Math.max(0, limitMinor - usedMinor);
    if (tightest !== null && tightest.availableMinor <= availableMinor) continue;
    const resetsAt = periodWindow(limit.period, nowMs).endsAt;
    tightest = { period: limit.period, limitMinor, usedMinor, availableMinor, resetsAt };
  }
  return tightest;
}
