/**
 * What was read of a deposit, and what tells whether it has changed since: so that a decision may
 * be made outside of a transaction and committed on the condition that it still stands on the
 * truth.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import type { StoredEvent } from './inbox.ts';

/** Versions of two rows, another one after every change; only the database adapter can read them. */
export interface RowVersions {
  payment: string;
  attempt: string;
}

/** A deposit with its only attempt. */
export interface KnownDeposit {
  payment: Payment;
  attempt: Attempt;
  versions: RowVersions;
}

/** An event that waits in the inbox, with the deposit whose attempt it names. */
export interface KnownEvent extends KnownDeposit {
  event: StoredEvent;
}

/** Where a decision starts from: what is known already, with or without an event about it, or an event about whose deposit everything is read first. */
export type DecisionStart =
  /** @param left told what was left of it, when it was committed as a plan */
  | { deposit: KnownDeposit; left?: (known: KnownDeposit) => void }
  | { event: KnownEvent }
  | { waiting: { psp: string; eventId: string } };
