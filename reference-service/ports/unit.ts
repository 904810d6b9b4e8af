/**
 * Unit of work: where the statements of one change run together, or one by one.
 *
 * Nobody may wait for the network or the clock inside a transaction: it holds row locks, on
 * the in-process database the only connection.
 */
import type { DecisionStart, KnownDeposit } from './known.ts';

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
  /**
   * What `transaction` does, for the plain course of a deposit, in one statement: `work` decides on
   * what is known, what it writes is collected, and all of it is committed on the condition that
   * nothing of what is known has changed since. When it has, or when `work` asks for anything else,
   * `work` runs again from its beginning, in a transaction. So whatever it does besides asking the unit must be
   * harmless when done twice, or belongs into `afterCommit`.
   */
  decide<T>(start: DecisionStart, work: (unit: Unit) => Promise<T>): Promise<T>;
  /**
   * Where commits are shared: as `decide`, with an event that `work` stores first, all in one commit.
   * Null when nothing was written: `work` gave null or asked for more than the plain course of a
   * deposit, what is known has changed, or commits are not shared.
   * @throws Error when nobody knows whether it was written
   */
  decideAtOnce<T>(known: KnownDeposit, work: (unit: Unit) => Promise<T | null>): Promise<T | null>;
  /** Rejects when the database does not answer or lacks our schema. */
  check(): Promise<void>;
  /** True for an error that says "no database", as opposed to "a statement was wrong". */
  isUnavailable(error: unknown): boolean;
}
