/**
 * Failover: may another attempt be made, and at which PSP.
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

export interface PspChoice {
  /** Configured names in order of preference. */
  psps: readonly string[];
  preferred: string | null;
  attempts: readonly Attempt[];
  /** False for a PSP that the circuit breaker keeps away. */
  isAvailable: (psp: string) => boolean;
  /** May a PSP that an earlier attempt did not reach be tried again? The worker may, the player's own request does not. */
  again: boolean;
}

/** The PSP for the next attempt, or null. Fewest tries first, then the order of preference. */
export function choosePsp(choice: PspChoice): string | null {
  const { psps, preferred, attempts, isAvailable, again } = choice;
  const ordered =
    preferred !== null && psps.includes(preferred)
      ? [preferred, ...psps.filter((psp) => psp !== preferred)]
      : [...psps];
  const candidates = ordered
    .map((psp) => ({ psp, tries: attempts.filter((attempt) => attempt.psp === psp) }))
    .filter(({ psp, tries }) => isAvailable(psp) && (tries.length === 0 || (again && tries.every(leavesThePspOpen))));
  candidates.sort((one, other) => one.tries.length - other.tries.length);
  return candidates[0]?.psp ?? null;
}

/** True when some configured PSP could still take the payment later. */
export function canStillBeTaken(psps: readonly string[], attempts: readonly Attempt[]): boolean {
  return psps.some((psp) => attempts.filter((attempt) => attempt.psp === psp).every(leavesThePspOpen));
}
