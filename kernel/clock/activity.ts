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
  /**
   * Runs `work` under a new token named `label`; nested calls park the outer token until
   * the inner work settles. Work that outlives its caller belongs into `clock.schedule(0, …)`,
   * else the caller's token stays parked for as long as that work runs.
   */
  run<T>(label: string, work: () => Promise<T> | T): Promise<T>;

  /** Awaits `wait` with the current token (if any) not counting. */
  parked<T>(wait: Promise<T>): Promise<T>;

  /** Labels of the tokens that count now, for stall reports. */
  counting(): string[];
}

/** A token that somebody else may park, when its work waits for another token's work. */
export interface ActivityToken {
  park(): void;
  unpark(): void;
}

/** What clocks and networks need beyond the port: see `createActivity` and `createPassiveActivity`. */
export interface TrackedActivity extends Activity {
  /** True when tokens are counted, false when all calls are passed through. */
  readonly tracks: boolean;

  /** Like `run`, but leaves the caller's token alone: for work that nobody waits for. */
  detached<T>(label: string, work: () => Promise<T> | T): Promise<T>;

  /** The token of the running work, if there is one. */
  current(): ActivityToken | undefined;

  /** Grows with every start, end, park, unpark and touch; never shrinks. */
  changes(): number;

  /** Resolves at the next change. */
  changed(): Promise<void>;

  /** Says "something happened here", so that quiescence is judged anew. */
  touch(): void;
}

/** Activity for real time: runs the work and counts nothing. */
export function createPassiveActivity(): TrackedActivity {
  const passThrough = async <T>(_label: string, work: () => Promise<T> | T): Promise<T> => work();
  return {
    tracks: false,
    run: passThrough,
    detached: passThrough,
    parked: (wait) => wait,
    counting: () => [],
    current: () => undefined,
    changes: () => 0,
    changed: () => Promise.resolve(),
    touch: () => undefined,
  };
}
