/**
 * Stories: the platform captures an authorized deposit, or voids it.
 *
 *   1 one transaction: claim the key, lock the payment, note what is wanted
 *   2 call the PSP   3 learn the answer, end the claim   4 answer with the payment as it is
 *
 * After 1 the payment goes one way only, whoever else asks for the other. A crash after 1, or no
 * usable answer in 2, loses nothing: the worker goes on (`advance-authorized.ts`).
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import { liveAttempt } from '../domain/deposit.ts';
import type { DepositFact } from '../domain/deposit-fact.ts';
import { nextDepositStepAt } from '../domain/deposit-schedule.ts';
import { ServiceError } from '../domain/errors.ts';
import { formatAmount } from '../domain/money.ts';
import { whyNotCapturable, whyNotVoidable } from '../domain/two-step.ts';
import { cancelAtPsp, captureAtPsp, captureFact, forgetCapture, voidFact } from './advance-authorized.ts';
import { announce, applyDepositFact, type DepositState } from './apply-deposit-fact.ts';
import type { ServiceContext } from './context.ts';
import { pspOf } from './context.ts';
import { claimOf, earlierAnswer, type IdempotentRequest } from './idempotent-answer.ts';
import { askAboutAttempt, canBeAsked } from './resolve-in-doubt.ts';

export interface ChangeRequest extends IdempotentRequest {
  paymentId: string;
}

export interface ChangeAnswer extends DepositState {
  replayed: boolean;
}

interface Wanted {
  payment: Payment;
  attempt: Attempt;
}

/**
 * @param request `amountMinor` null: all that is authorized
 * @throws ServiceError not_found, invalid_state, validation_failed, idempotency_key_reused, idempotency_in_flight
 */
export async function captureDeposit(
  context: ServiceContext,
  request: ChangeRequest & { amountOf: (payment: Payment) => number | null },
): Promise<ChangeAnswer> {
  const wanted = await want(context, request, (payment) => {
    refuseIf(whyNotCapturable(payment), payment);
    const captureMinor = request.amountOf(payment) ?? payment.amountMinor;
    if (captureMinor > payment.amountMinor) throw tooMuch(payment);
    return { ...payment, captureMinor, captureAskedAt: context.clock.now() };
  });
  if (wanted === null) return replay(context, request);
  const { payment, attempt } = wanted;
  const result = await captureAtPsp(context, payment, attempt);
  if (result.kind !== 'rejected' && !isOurMistake(result))
    return learn(context, request, wanted, captureFact(attempt, result, 'answer'));

  // Not captured by this call: why, the PSP's own word about the payment tells.
  const reason = result.reason;
  const fact = await ask(context, wanted);
  if (fact !== null && fact.outcome !== 'authorized') return learn(context, request, wanted, fact);
  await forgetCapture(context, payment.id, reason);
  await context.stores.keys.release(context.database.autocommit, request.scope, request.key);
  throw invalidState(payment, `The PSP does not capture it: ${reason}.`);
}

/** @throws ServiceError not_found, invalid_state, idempotency_key_reused, idempotency_in_flight */
export async function voidDeposit(context: ServiceContext, request: ChangeRequest): Promise<ChangeAnswer> {
  const wanted = await want(context, request, (payment) => {
    refuseIf(whyNotVoidable(payment), payment);
    return { ...payment, cancelRequestedAt: context.clock.now() };
  });
  if (wanted === null) return replay(context, request);
  const result = await cancelAtPsp(context, wanted.payment, wanted.attempt);
  const fact = result.kind === 'too_late' ? await ask(context, wanted) : voidFact(wanted.attempt, result);
  return learn(context, request, wanted, fact);
}

/** Null: the key is taken. */
function want(
  context: ServiceContext,
  request: ChangeRequest,
  edit: (payment: Payment) => Payment,
): Promise<Wanted | null> {
  const { database, stores, clock, timings } = context;
  return database.transaction(async (unit) => {
    if (!(await stores.keys.claim(unit, claimOf(context, request), request.paymentId))) return null;
    const found = await stores.deposits.lock(unit, request.paymentId);
    if (found === null) throw new ServiceError('not_found', `There is no payment ${request.paymentId}.`);
    const payment = edit(found.payment);
    const live = liveAttempt(found.attempts);
    if (live === null) throw new Error(`Bug: ${payment.id} is authorized without a live attempt`);
    // The questions about the authorization are over; those about its end begin.
    const attempt = { ...live, checks: 0 };
    const attempts = found.attempts.map((one) => (one.id === attempt.id ? attempt : one));
    payment.nextStepAt = nextDepositStepAt({ payment, attempts, nowMs: clock.now() + timings.pspTimeoutMs, timings });
    await stores.attempts.save(unit, attempt);
    await stores.deposits.save(unit, payment);
    return { payment, attempt };
  });
}

async function ask(context: ServiceContext, { payment, attempt }: Wanted): Promise<DepositFact | null> {
  if (!canBeAsked(pspOf(context, attempt.psp).adapter.capabilities, attempt)) return null;
  return askAboutAttempt(context, payment, attempt);
}

async function learn(
  context: ServiceContext,
  request: ChangeRequest,
  { payment, attempt }: Wanted,
  fact: DepositFact | null,
): Promise<ChangeAnswer> {
  const { database, stores } = context;
  const state = await database.transaction(async (unit) => {
    await stores.keys.complete(unit, request.scope, request.key, { status: 200, body: null });
    if (fact !== null) return applyDepositFact(context, unit, { paymentId: payment.id, attemptId: attempt.id }, fact);
    const found = await stores.deposits.find(unit, payment.id);
    if (found === null) throw new Error(`Bug: payment ${payment.id} is gone`);
    return found;
  });
  announce(context, state.payment);
  return { payment: state.payment, attempts: state.attempts, replayed: false };
}

async function replay(context: ServiceContext, request: ChangeRequest): Promise<ChangeAnswer> {
  const stored = await earlierAnswer(context, request);
  const found = await context.stores.deposits.find(context.database.autocommit, stored.subjectId ?? request.paymentId);
  if (found === null) throw new Error(`Bug: key ${request.key} points to no payment`);
  return { ...found, replayed: true };
}

/** The PSP refused the request itself, not for a while: repeating it would change nothing. */
function isOurMistake(result: { kind: string; code?: string }): result is { kind: 'refused'; reason: string } {
  return result.kind === 'refused' && (result.code === 'invalid_request' || result.code === 'unsupported');
}

function refuseIf(reason: string | null, payment: Payment): void {
  if (reason !== null) throw invalidState(payment, reason);
}

function invalidState(payment: Payment, message: string): ServiceError {
  return new ServiceError('invalid_state', message, { details: { payment_id: payment.id, status: payment.status } });
}

function tooMuch(payment: Payment): ServiceError {
  const most = formatAmount(payment.amountMinor, payment.currency);
  return new ServiceError('validation_failed', `At most ${most} ${payment.currency} is authorized.`, {
    details: { errors: [{ field: 'amount', message: `must be at most ${most}` }] },
  });
}
