/**
 * Circuit breaker, one for each PSP and operation: keeps new work away from a PSP whose calls
 * fail technically or hang. Declines by an issuer never count.
 *
 *   closed ──failures──► open ──pause──► half-open ──probes succeed──► closed
 *                          ▲                 └──a probe fails──┐
 *                          └────────────────────────────────────┘
 *
 * Only new payments and payouts ask it. Queries, refunds, captures and cancels are watched and
 * never held back: an open breaker must not delay the proof of an attempt in doubt. It lives in
 * the memory of one process; a share of each process's traffic is the share of the whole.
 */
export const PSP_OPERATIONS = ['authorize', 'capture', 'cancel', 'refund', 'payout', 'query'] as const;
export type PspOperation = (typeof PSP_OPERATIONS)[number];

export type BreakerState = 'closed' | 'half_open' | 'open';

export interface BreakerOptions {
  /** Long enough to spare a sick PSP, short enough that its recovery is noticed soon. */
  pauseMs: number;
  /** Of the work that would go to a half-open PSP, the share that does; at least one at a time. */
  probeShare?: number;
  /** Probes in a row that must succeed. */
  successesToClose?: number;
}

/** One failure is noise and two can be one deployment; three in a row is an outage. */
const FAILURES_IN_A_ROW = 3;

/** Failures mixed with successes are seen in the last so many calls. */
const WINDOW_CALLS = 20;
const WINDOW_FEWEST_CALLS = 10;
const WINDOW_FAILURES = 0.5;

/** Slow calls still succeed: only a PSP that is slow nearly always is worth leaving. */
const WINDOW_SLOW = 0.8;

const DEFAULT_PROBE_SHARE = 0.05;

interface Health {
  openUntilMs: number;
  isOpen: boolean;
  failuresInARow: number;
  /** Newest last; at most WINDOW_CALLS. */
  window: ('ok' | 'slow' | 'failed')[];
  /** Since the pause ended. */
  asked: number;
  probes: number;
  successes: number;
  probeOutUntilMs: number;
}

export class CircuitBreaker {
  readonly #health = new Map<string, Health>();
  readonly #pauseMs: number;
  readonly #probeShare: number;
  readonly #successesToClose: number;

  constructor({ pauseMs, probeShare = DEFAULT_PROBE_SHARE, successesToClose = 1 }: BreakerOptions) {
    this.#pauseMs = pauseMs;
    this.#probeShare = probeShare;
    this.#successesToClose = successesToClose;
  }

  state(psp: string, operation: PspOperation, nowMs: number): BreakerState {
    const health = this.#health.get(keyOf(psp, operation));
    if (health === undefined || !health.isOpen) return 'closed';
    return nowMs < health.openUntilMs ? 'open' : 'half_open';
  }

  /** `probe`: half-open, and one may go there now. Changes nothing. */
  admission(psp: string, operation: PspOperation, nowMs: number): 'closed' | 'probe' | 'open' {
    const health = this.#health.get(keyOf(psp, operation));
    if (health === undefined || !health.isOpen) return 'closed';
    if (nowMs < health.openUntilMs || nowMs < health.probeOutUntilMs) return 'open';
    return health.probes < 1 + Math.floor(this.#probeShare * health.asked) ? 'probe' : 'open';
  }

  /** Work came by that could have gone to this PSP: the whole of which probes are a share. */
  asked(psp: string, operation: PspOperation, nowMs: number): void {
    const health = this.#health.get(keyOf(psp, operation));
    if (health?.isOpen === true && nowMs >= health.openUntilMs) health.asked += 1;
  }

  /** New work is sent: while half-open the next probe waits for its outcome, or for a pause when none comes. */
  sending(psp: string, operation: PspOperation, nowMs: number): void {
    const health = this.#health.get(keyOf(psp, operation));
    if (health?.isOpen !== true || nowMs < health.openUntilMs) return;
    health.probes += 1;
    health.probeOutUntilMs = nowMs + this.#pauseMs;
  }

  succeeded(psp: string, operation: PspOperation, nowMs: number, slow = false): void {
    const health = this.#of(psp, operation);
    if (!health.isOpen) {
      health.failuresInARow = 0;
      note(health, slow ? 'slow' : 'ok');
      if (slow && share(health, 'slow') >= WINDOW_SLOW && health.window.length >= WINDOW_CALLS)
        this.#open(health, nowMs);
      return;
    }
    // An answer to a call from before says nothing of now.
    if (nowMs < health.openUntilMs) return;
    health.probeOutUntilMs = 0;
    health.successes += 1;
    if (health.successes >= this.#successesToClose) this.#health.delete(keyOf(psp, operation));
  }

  failed(psp: string, operation: PspOperation, nowMs: number): void {
    const health = this.#of(psp, operation);
    if (health.isOpen) {
      if (nowMs >= health.openUntilMs) this.#open(health, nowMs);
      return;
    }
    health.failuresInARow += 1;
    note(health, 'failed');
    const often = health.window.length >= WINDOW_FEWEST_CALLS && share(health, 'failed') >= WINDOW_FAILURES;
    if (often || health.failuresInARow >= FAILURES_IN_A_ROW) this.#open(health, nowMs);
  }

  #of(psp: string, operation: PspOperation): Health {
    const key = keyOf(psp, operation);
    const known = this.#health.get(key);
    if (known !== undefined) return known;
    const health: Health = {
      openUntilMs: 0,
      isOpen: false,
      failuresInARow: 0,
      window: [],
      asked: 0,
      probes: 0,
      successes: 0,
      probeOutUntilMs: 0,
    };
    this.#health.set(key, health);
    return health;
  }

  #open(health: Health, nowMs: number): void {
    health.isOpen = true;
    health.openUntilMs = nowMs + this.#pauseMs;
    health.window = [];
    health.asked = 0;
    health.probes = 0;
    health.successes = 0;
    health.probeOutUntilMs = 0;
  }
}

function note(health: Health, outcome: 'ok' | 'slow' | 'failed'): void {
  health.window.push(outcome);
  if (health.window.length > WINDOW_CALLS) health.window.shift();
}

function share({ window }: Health, outcome: 'slow' | 'failed'): number {
  return window.filter((one) => one === outcome).length / window.length;
}

function keyOf(psp: string, operation: PspOperation): string {
  return `${psp}|${operation}`;
}
