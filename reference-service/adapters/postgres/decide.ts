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
  const known = await knownOf(calls, start);
  if (known === null) return transaction(work);
  const plan = new Plan(known);
  let result: T;
  try {
    result = await work(plan);
  } catch (error) {
    if (error instanceof NotPlannable) return transaction(work);
    throw error;
  }
  const version = await commit(calls, plan, isRepeatable);
  if (version === null) return transaction(work);
  if ('left' in start) start.left?.(plan.left(version));
  plan.done();
  return result;
}

/** `Database.decideAtOnce`: whatever fails without a doubt leaves the event to be stored by itself. */
export async function decideAtOnce<T>(
  { calls, isUnavailable }: Pick<DecideParts, 'calls'> & { isUnavailable(error: unknown): boolean },
  known: KnownDeposit,
  work: (unit: Unit) => Promise<T | null>,
): Promise<T | null> {
  const plan = new Plan(known);
  let result: T | null;
  try {
    result = await work(plan);
    if (result === null || (await commit(calls, plan, (error) => !isUnavailable(error))) === null) return null;
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return null;
  }
  plan.done();
  return result;
}

async function knownOf(calls: Calls, start: DecisionStart): Promise<KnownDeposit | KnownEvent | null> {
  if ('deposit' in start) return start.deposit;
  return 'event' in start ? start.event : readEvent(calls, start.waiting);
}

/** The version of what is committed; null when it must be decided anew. */
async function commit(calls: Calls, plan: Plan, isRepeatable: (error: unknown) => boolean): Promise<string | null> {
  const change = plan.change();
  if (change === null) return null;
  try {
    const { outcome, version } = await calls.call<{ outcome: string; version: string }>(
      'commit_deposit',
      change.given,
      change.lock,
    );
    return outcome === 'done' ? version : null;
  } catch (error) {
    if (isRepeatable(error)) return null;
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
