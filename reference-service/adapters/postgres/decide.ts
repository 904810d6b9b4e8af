/**
 * `Database.decide`: read in one statement (or known already), decided outside, committed by one
 * call on the condition that it still stands on the truth; else all of it in a transaction.
 */
import type { PspEvent } from '../../ports/psp-adapter.ts';
import type { DecisionStart, KnownDeposit, KnownEvent } from '../../ports/known.ts';
import type { Unit } from '../../ports/unit.ts';
import type { Calls } from './calls.ts';
import { NotPlannable, Plan } from './plan.ts';
import { ATTEMPT, PAYMENT } from './rows.ts';

interface EventState {
  event: PspEvent;
  tries: number;
  replays: number;
  payment: Record<string, unknown>;
  version: string;
  attempt: Record<string, unknown>;
  attempt_version: string;
}

export interface DecideParts {
  calls: Calls;
  transaction<T>(work: (unit: Unit) => Promise<T>): Promise<T>;
  /** True for an error of a statement that certainly did nothing, and that a transaction may not meet. */
  isRepeatable(error: unknown): boolean;
}

export async function decide<T>(
  { calls, transaction, isRepeatable }: DecideParts,
  start: DecisionStart,
  work: (unit: Unit) => Promise<T>,
): Promise<T> {
  const known = 'deposit' in start ? start.deposit : await readEvent(calls, start.waiting);
  if (known === null) return transaction(work);
  const plan = new Plan(known);
  let result: T;
  try {
    result = await work(plan);
  } catch (error) {
    if (error instanceof NotPlannable) return transaction(work);
    throw error;
  }
  const change = plan.change();
  if (change === null || !(await commit(calls, change, isRepeatable))) return transaction(work);
  plan.done();
  return result;
}

/** True when it is committed, false when it must be decided anew. */
async function commit(
  calls: Calls,
  { given, lock }: { given: object; lock: string },
  isRepeatable: (error: unknown) => boolean,
): Promise<boolean> {
  try {
    const { outcome } = await calls.call<{ outcome: string }>('commit_deposit', given, lock);
    return outcome === 'done';
  } catch (error) {
    if (isRepeatable(error)) return false;
    throw error;
  }
}

/** Null when the event does not wait, or is not about a deposit with one attempt that it names by our reference. */
async function readEvent(
  calls: Calls,
  { psp, eventId }: { psp: string; eventId: string },
): Promise<KnownDeposit | KnownEvent | null> {
  const { state } = await calls.call<{ state: EventState | null }>('read_event', { psp, event_id: eventId }, '');
  if (state === null) return null;
  const { event, tries, replays, version, attempt_version: attemptVersion } = state;
  return {
    event: { psp, event, tries, replays },
    payment: PAYMENT.objectOf(state.payment),
    attempt: ATTEMPT.objectOf(state.attempt),
    versions: { payment: version, attempt: attemptVersion },
  };
}
