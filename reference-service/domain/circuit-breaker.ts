/**
 * Circuit breaker: keeps new attempts away from a PSP whose last calls failed technically.
 *
 * Counts consecutive technical failures, never declines by an issuer. After a pause one probe
 * is let through; its outcome decides. Queries, refunds and cancels do not ask it: an open
 * breaker must not delay the proof of an attempt in doubt. Kept in the memory of one process.
 */

/** One failure is noise and two can be one deployment; three in a row is an outage. */
const FAILURES_TO_OPEN = 3;

interface PspHealth {
  failures: number;
  closedUntilMs: number;
}

export class CircuitBreaker {
  readonly #health = new Map<string, PspHealth>();
  readonly #pauseMs: number;

  /** `pauseMs`: long enough to spare a sick PSP, short enough that its recovery is noticed soon. */
  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs;
  }

  /** May a new attempt go to this PSP at `nowMs`? A yes after a pause is the one probe. */
  admits(psp: string, nowMs: number): boolean {
    const health = this.#health.get(psp);
    return health === undefined || health.failures < FAILURES_TO_OPEN || nowMs >= health.closedUntilMs;
  }

  /** Tells that an attempt is sent: during a half-open phase the next one waits for its outcome. */
  sending(psp: string, nowMs: number): void {
    const health = this.#health.get(psp);
    if (health !== undefined && health.failures >= FAILURES_TO_OPEN) health.closedUntilMs = nowMs + this.#pauseMs;
  }

  succeeded(psp: string): void {
    this.#health.delete(psp);
  }

  failed(psp: string, nowMs: number): void {
    const failures = (this.#health.get(psp)?.failures ?? 0) + 1;
    this.#health.set(psp, { failures, closedUntilMs: nowMs + this.#pauseMs });
  }
}
