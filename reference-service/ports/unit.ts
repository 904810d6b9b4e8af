/**
 * Unit of work: where the statements of one change run together, or one by one.
 *
 * Nobody may wait for the network or the clock inside a transaction: it holds row locks, on
 * the in-process database the only connection.
 */

/** A running transaction, or (autocommit) the database itself. Only the database adapter can look inside. */
export interface Unit {
  readonly unitOfWork: true;
  /** Called once what the unit did is committed, at once where each statement commits by itself; never after a rollback. */
  afterCommit(task: () => void): void;
}

export interface Database {
  /** Each statement commits by itself. */
  readonly autocommit: Unit;
  /** Commits when `work` resolves, rolls back when it rejects; repeats the whole on a deadlock. */
  transaction<T>(work: (unit: Unit) => Promise<T>): Promise<T>;
  /** Rejects when the database does not answer or lacks our schema. */
  check(): Promise<void>;
  /** True for an error that says "no database", as opposed to "a statement was wrong". */
  isUnavailable(error: unknown): boolean;
}
