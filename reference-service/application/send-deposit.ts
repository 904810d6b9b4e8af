/**
 * Sends an attempt to its PSP and learns the answer; moves on to the next PSP where the
 * failover rule allows. Shared by the player's own request and by the worker.
 *
 *   attempt stored ─► PSP call (no transaction) ─► one transaction: fact, next attempt or end
 *         ▲                                                            │
 *         └────────────────── next PSP ◄───────────────────────────────┘
 */
import { isLive, type Attempt, type Payment } from '../domain/deposit.ts';
import { nextDepositStepAt } from '../domain/deposit-schedule.ts';
import { canStillBeTaken } from '../domain/failover.ts';
import { messageOf } from '../../kernel/index.ts';
import type { CreatePaymentOptions, CreatePaymentResult, PspFailure } from '../ports/psp-adapter.ts';
import type { RowVersions } from '../ports/known.ts';
import type { Unit } from '../ports/unit.ts';
import { announce, applyDepositFact, type DepositState } from './apply-deposit-fact.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { depositFactOfResult, paymentAttemptView } from './facts.ts';
import { saveDeposit } from './save-deposit.ts';
import { routeDeposit } from './route-attempt.ts';

export interface SendOptions {
  /** The worker may return to a PSP that was not reached before; the player's request does not wait for that. */
  again: boolean;
  /** Runs in the transaction that ends the sending, with the state that it leaves. */
  atEnd?: (unit: Unit, state: DepositState) => Promise<void>;
  /** Of payment and attempt as they are given, when they were stored just now. */
  versions?: RowVersions;
}

/** Sends `attempt` and its successors until one is live or the payment is final, or no PSP is left. */
export async function sendDeposit(
  context: ServiceContext,
  payment: Payment,
  first: Attempt,
  options: SendOptions,
): Promise<DepositState> {
  let attempt = first;
  for (;;) {
    const result = await call(context, payment, attempt);
    const { state, next } = await inUnit(context, { payment, attempt, result, ...options }, async (unit) => {
      const fact = depositFactOfResult('answer', attempt.psp, result);
      const applied = await applyDepositFact(context, unit, { paymentId: payment.id, attemptId: attempt.id }, fact);
      const continued = await continueDeposit(context, unit, applied, options.again);
      if (continued.next === null) await options.atEnd?.(unit, continued.state);
      return continued;
    });
    announce(context, state.payment);
    if (next === null) return state;
    attempt = next;
  }
}

/**
 * The first answer is decided on what was stored just before, unless it may lead to another PSP:
 * the router is asked where to once only, in a transaction.
 */
function inUnit<T>(
  { database, known }: ServiceContext,
  sent: { payment: Payment; attempt: Attempt; result: CreatePaymentResult; versions?: RowVersions },
  work: (unit: Unit) => Promise<T>,
): Promise<T> {
  const { payment, attempt, result, versions } = sent;
  if (versions === undefined || attempt.seq > 1 || !isPlain(result)) return database.transaction(work);
  return database.decide({ deposit: { payment, attempt, versions }, left: (left) => known.remember(left) }, work);
}

/** The PSP has it, or the issuer has refused it. */
function isPlain(result: CreatePaymentResult): boolean {
  switch (result.kind) {
    case 'approved':
    case 'authorized':
    case 'pending':
    case 'requires_action':
      return true;
    case 'declined':
      return result.declineClass === 'issuer';
    default:
      return false;
  }
}

/**
 * Decides, under the lock of the payment, what follows when an attempt came to nothing: an
 * attempt at another PSP (stored, to be sent by the caller), a later retry, or the end.
 */
export async function continueDeposit(
  context: ServiceContext,
  unit: Unit,
  state: DepositState,
  again: boolean,
): Promise<{ state: DepositState; next: Attempt | null }> {
  const { stores, parts, clock, timings } = context;
  const { payment, attempts } = state;
  const nowMs = clock.now();
  if (!parts.failoverPolicy.mayTryAgain(payment, attempts)) return { state, next: null };
  const expired = nowMs >= payment.expiresAt;
  const route = expired ? null : await routeDeposit(context, unit, payment, { attempts, again });
  if (route !== null && route.psp !== null) {
    const next = newAttempt(context, payment.id, attempts.length + 1, route.psp);
    await stores.attempts.insert(unit, 'deposit', next, route.with(next));
    const withNext = [...attempts, next];
    const waiting = { ...payment, nextStepAt: nextDepositStepAt({ payment, attempts: withNext, nowMs, timings }) };
    await stores.deposits.save(unit, waiting);
    return { state: { payment: waiting, attempts: withNext }, next };
  }
  if (route !== null && canStillBeTaken(route.eligible, attempts)) return { state, next: null };
  const declined = attempts.some((attempt) => attempt.status === 'declined');
  const ended: Payment = {
    ...payment,
    status: declined ? 'declined' : 'failed',
    redirectUrl: null,
    updatedAt: nowMs,
    nextStepAt: null,
  };
  await saveDeposit(context, unit, payment, ended, attempts);
  return { state: { payment: ended, attempts }, next: null };
}

export function newAttempt(context: ServiceContext, subjectId: string, seq: number, psp: string): Attempt {
  const nowMs = context.clock.now();
  const id = context.ids.next('att');
  return {
    id,
    subjectId,
    seq,
    psp,
    status: 'sent',
    pspReference: null,
    declineCode: null,
    declineClass: null,
    idempotencyKey: context.parts.pspIdempotencyKey({ attemptId: id, seq }),
    returnQuery: null,
    sentAt: nowMs,
    statusSince: nowMs,
    absentSeenAt: null,
    checks: 0,
    answeredAt: null,
    createdAt: nowMs,
    updatedAt: nowMs,
  };
}

async function call(context: ServiceContext, payment: Payment, attempt: Attempt): Promise<CreatePaymentResult> {
  const { adapter } = pspOf(context, attempt.psp);
  context.breaker.sending(attempt.psp, 'authorize', context.clock.now());
  return guarded(context, attempt, () =>
    adapter.createPayment(paymentAttemptView(payment, attempt), urlsOf(context, payment, attempt)),
  );
}

/** Where the payer and the PSP of an attempt reach us. */
export function urlsOf(context: ServiceContext, payment: Payment, attempt: Attempt): Required<CreatePaymentOptions> {
  return {
    returnUrl: `${context.publicUrl()}/v1/payments/${payment.id}/return`,
    webhookUrl: `${context.publicUrl()}/v1/payments/webhook/${attempt.psp}`,
  };
}

/** An adapter that throws broke its contract; what the PSP did is then unknown. */
export async function guarded<T>(
  context: ServiceContext,
  attempt: Attempt,
  work: () => Promise<T>,
): Promise<T | PspFailure> {
  try {
    return await work();
  } catch (error) {
    context.log({
      level: 'error',
      msg: 'PSP adapter failed',
      psp: attempt.psp,
      attempt: attempt.id,
      error: messageOf(error),
    });
    return { kind: 'in_doubt', requestMayHaveArrived: true, reason: `adapter failed: ${messageOf(error)}` };
  }
}

/** True while some attempt may still hold or take the player's money. */
export function hasLiveAttempt(state: DepositState): boolean {
  return state.attempts.some(isLive);
}
