/**
 * Deposit limit of one player, currency and period. Pure.
 *
 * What must hold: a lower limit is in force at once; a higher one, or none, only after the
 * waiting time, during which it can be seen and taken back; whoever lowers while a raise waits
 * has changed his mind, so the raise is gone.
 */
import type { LimitPeriod } from './period.ts';

export interface DepositLimit {
  currency: string;
  period: LimitPeriod;
  /** Minor units; null: no limit. Zero: no deposits at all. */
  amountMinor: number | null;
  /** A raise that waits; null when none does. */
  pending: { amountMinor: number | null; effectiveAt: number } | null;
}

/** The limit as it stands at `nowMs`: a raise whose time has come is no longer pending. */
export function settledLimit(limit: DepositLimit, nowMs: number): DepositLimit {
  const { pending } = limit;
  return pending !== null && pending.effectiveAt <= nowMs
    ? { ...limit, amountMinor: pending.amountMinor, pending: null }
    : limit;
}

/**
 * What the player's wish makes of his limit. Wishing for what is in force takes a waiting raise
 * back; wishing for another raise begins the waiting time anew.
 */
export function changedLimit(
  limit: DepositLimit,
  wanted: { amountMinor: number | null; nowMs: number; raiseWaitMs: number },
): DepositLimit {
  const { amountMinor, nowMs, raiseWaitMs } = wanted;
  const settled = settledLimit(limit, nowMs);
  if (room(amountMinor) <= room(settled.amountMinor)) return { ...settled, amountMinor, pending: null };
  if (settled.pending !== null && settled.pending.amountMinor === amountMinor) return settled;
  return { ...settled, pending: { amountMinor, effectiveAt: nowMs + raiseWaitMs } };
}

function room(amountMinor: number | null): number {
  return amountMinor ?? Infinity;
}
