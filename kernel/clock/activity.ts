/**
 * Activity: the accounting that tells a virtual clock when it may move.
 *
 * A *token* is one piece of work in flight: an HTTP handler, a database query, a background
 * job. A token counts until it settles, except while it is *parked*: waiting on a virtual
 * timer, on a `Signal`, or on another exchange that has a token of its own. The clock may
 * move only when no unparked token is left and two real turns of the event loop passed
 * without a change. A wait that goes through none of these primitives keeps its token
 * counting, so the clock stalls (and says who holds it) instead of moving too early:
 * a repeatable trace that is wrong is worse than a stall.
 *
 *        run('handler') ──► counting ──► sleep / request / signal ──► parked
 *                              ▲                                        │
 *                              └────────────── resumes ◄────────────────┘
 *
 * Outside virtual time the same calls cost next to nothing and change nothing.
 */
export interface Activity {
  /** Runs `work` under a new token named `label`; nested calls park the outer token. */
  run<T>(label: string, work: () => Promise<T> | T): Promise<T>;

  /** Awaits `wait` with the current token (if any) not counting. */
  parked<T>(wait: Promise<T>): Promise<T>;

  /** Labels of the tokens that count now, for stall reports. */
  counting(): string[];
}
