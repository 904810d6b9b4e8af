/**
 * Failover: may another attempt be made. Where it goes is the router's decision
 * (`routing/decide.ts`), which asks here what the earlier attempts mean for each PSP.
 *
 * The rule that protects the player's money: never while any attempt is live. In doubt is
 * live. Another attempt follows only a technical decline, a call that reached nobody, a
 * proven absence or a completed reversal.
 */
import { isLive, type Attempt, type Payment } from './deposit.ts';

export interface FailoverPolicy {
  /** True when a new attempt cannot lead to a second capture. Must be false while any attempt is live. */
  mayTryAgain(payment: Payment, attempts: readonly Attempt[]): boolean;
}

export const failoverPolicy: FailoverPolicy = {
  mayTryAgain: (payment, attempts) =>
    payment.status === 'pending' && !attempts.some(isLive) && attempts.every((attempt) => !endsThePayment(attempt)),
};

function endsThePayment(attempt: Attempt): boolean {
  if (attempt.status === 'declined') return attempt.declineClass !== 'technical';
  return attempt.status === 'canceled' || attempt.status === 'reversed';
}

/** True when the PSP may be tried again for this payment: it never took the attempt. */
function leavesThePspOpen(attempt: Attempt): boolean {
  return attempt.status === 'not_reached' || attempt.status === 'absent_proven';
}

/**
 * What earlier attempts mean for each PSP: how often it was tried, and whether it is closed to
 * this payment. `again`: the worker may return to a PSP that was not reached, the player's own
 * request does not wait for that.
 */
export function triesOf(
  attempts: readonly Attempt[],
  again: boolean,
): Record<string, { count: number; closed: boolean }> {
  const tried: Record<string, { count: number; closed: boolean }> = {};
  for (const attempt of attempts) {
    const known = tried[attempt.psp];
    tried[attempt.psp] = {
      count: (known?.count ?? 0) + 1,
      closed: known?.closed === true || !again || !leavesThePspOpen(attempt),
    };
  }
  return tried;
}

/** True when some configured PSP could still take the payment later. */
export function canStillBeTaken(psps: readonly string[], attempts: readonly Attempt[]): boolean {
  return psps.some((psp) => attempts.filter((attempt) => attempt.psp === psp).every(leavesThePspOpen));
}
