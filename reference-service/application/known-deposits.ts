/**
 * Deposits that this process has answered just now and whose events will come soon. What is known
 * need not be read: a decision on it is committed only if the rows are still the same, so what is
 * out of date here costs a second try and nothing else. A hint, bounded, lost with the process.
 */
import type { KnownDeposit } from '../ports/known.ts';

/** Some seconds of a busy process; a player's challenge that takes longer is read again. */
const MOST_KNOWN = 4_096;

export class KnownDeposits {
  readonly #byAttempt = new Map<string, KnownDeposit>();

  remember(known: KnownDeposit): void {
    if (known.payment.status !== 'pending') return;
    this.#byAttempt.set(known.attempt.id, known);
    if (this.#byAttempt.size <= MOST_KNOWN) return;
    const [oldest] = this.#byAttempt.keys();
    if (oldest !== undefined) this.#byAttempt.delete(oldest);
  }

  /** Gives it once: whoever takes it changes it. */
  take(attemptId: string | null): KnownDeposit | null {
    if (attemptId === null) return null;
    const known = this.#byAttempt.get(attemptId) ?? null;
    this.#byAttempt.delete(attemptId);
    return known;
  }
}
