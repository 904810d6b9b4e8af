/**
 * Story: the next step of an authorized deposit, when its time has come.
 *
 *   capture asked ─► ask what became of it; not captured yet: the same capture again, same key
 *   void asked    ─► ask; still authorized: cancel again
 *   life is over  ─► void
 *   else          ─► a look: the authorization may have ended at the PSP
 *
 * Only what the PSP proves moves the payment. A capture is repeated inside the life of its key
 * only; later the PSP's own word, or the end of the authorization there, is waited for.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import type { DepositFact } from '../domain/deposit-fact.ts';
import { authorizationEndsAt } from '../domain/two-step.ts';
import type { CancelPaymentResult, CapturePaymentResult } from '../ports/psp-adapter.ts';
import type { Unit } from '../ports/unit.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { depositFact, depositFactOfResult, paymentAttemptView } from './facts.ts';
import { askAboutAttempt, canBeAsked } from './resolve-in-doubt.ts';
import { guarded } from './send-deposit.ts';

/** A PSP that refuses a capture so often, and says each time that the payment is only authorized, will not capture it. */
const MOST_REFUSED_CAPTURES = 3;

/** What is learned of an authorized deposit in one step. */
export async function learnOfAuthorized(
  context: ServiceContext,
  payment: Payment,
  attempt: Attempt,
): Promise<DepositFact | null> {
  const { adapter } = pspOf(context, attempt.psp);
  const asked = canBeAsked(adapter.capabilities, attempt) ? await askAboutAttempt(context, payment, attempt) : null;
  // What is still authorized goes on; whatever else the PSP says is the answer.
  if (asked !== null && asked.outcome !== 'authorized') return asked;
  if (payment.captureMinor !== null) return (await captureAgain(context, payment, attempt, asked)) ?? asked;
  const ended = context.clock.now() >= authorizationEndsAt(payment, context.timings);
  if (payment.cancelRequestedAt === null && !ended) return asked;
  if (payment.cancelRequestedAt === null) await wantVoid(context, payment.id);
  return voidFact(attempt, await cancelAtPsp(context, payment, attempt)) ?? asked;
}

async function captureAgain(
  context: ServiceContext,
  payment: Payment,
  attempt: Attempt,
  asked: DepositFact | null,
): Promise<DepositFact | null> {
  const { keyLifeMs } = pspOf(context, attempt.psp).adapter.capabilities;
  const askedAt = payment.captureAskedAt ?? payment.updatedAt;
  // Said to be done: only a repetition could say it again, a query or a webhook proves it.
  if (attempt.status === 'approved' && asked !== null) return null;
  if (context.clock.now() + 2 * context.timings.pspTimeoutMs >= askedAt + keyLifeMs) return null;
  const result = await captureAtPsp(context, payment, attempt);
  if (result.kind === 'rejected' && asked !== null && attempt.checks >= MOST_REFUSED_CAPTURES)
    await forgetCapture(context, payment.id, result.reason);
  // Where nothing can be asked the repetition under the same key is the proof, as for the payment itself.
  return captureFact(attempt, result, asked === null ? 'replay' : 'answer');
}

export function captureAtPsp(
  context: ServiceContext,
  payment: Payment,
  attempt: Attempt,
): Promise<CapturePaymentResult> {
  const { adapter } = pspOf(context, attempt.psp);
  return guarded(context, attempt, () =>
    adapter.capturePayment({
      attemptId: attempt.id,
      paymentId: payment.id,
      pspReference: attempt.pspReference ?? '',
      idempotencyKey: `${attempt.idempotencyKey}-c`,
      amountMinor: payment.captureMinor ?? payment.amountMinor,
      currency: payment.currency,
    }),
  );
}

export function cancelAtPsp(context: ServiceContext, payment: Payment, attempt: Attempt): Promise<CancelPaymentResult> {
  const { adapter } = pspOf(context, attempt.psp);
  return guarded(context, attempt, () => adapter.cancelPayment(paymentAttemptView(payment, attempt)));
}

/** What the answer to a capture says. Null: nothing that can be learned. */
export function captureFact(
  attempt: Attempt,
  result: CapturePaymentResult,
  source: 'answer' | 'replay',
): DepositFact | null {
  switch (result.kind) {
    case 'captured':
      return depositFact(source, attempt.psp, 'succeeded', { pspReference: attempt.pspReference, money: result.money });
    case 'in_doubt':
    case 'not_reached':
    case 'refused':
      return depositFactOfResult('query', attempt.psp, result);
    case 'received':
    case 'rejected':
    case 'not_found':
      return null;
  }
}

/** What the answer to a void says. Null: nothing that can be learned. */
export function voidFact(attempt: Attempt, result: CancelPaymentResult): DepositFact | null {
  switch (result.kind) {
    case 'canceled':
      return depositFact('query', attempt.psp, 'canceled', { code: 'voided' });
    case 'in_doubt':
    case 'not_reached':
    case 'refused':
      return depositFactOfResult('query', attempt.psp, result);
    case 'received':
    case 'too_late':
    case 'not_found':
      return null;
  }
}

/** The PSP will not capture: the payment is authorized as before, and may be captured in another way or voided. */
export async function forgetCapture(context: ServiceContext, paymentId: string, reason: string): Promise<void> {
  context.log({ level: 'warn', msg: 'capture rejected', payment: paymentId, reason });
  await change(context, paymentId, (payment) => ({ ...payment, captureMinor: null, captureAskedAt: null }));
}

async function wantVoid(context: ServiceContext, paymentId: string): Promise<void> {
  const nowMs = context.clock.now();
  await change(context, paymentId, (payment) =>
    payment.captureMinor === null ? { ...payment, cancelRequestedAt: nowMs } : payment,
  );
}

async function change(context: ServiceContext, paymentId: string, edit: (payment: Payment) => Payment): Promise<void> {
  await context.database.transaction(async (unit: Unit) => {
    const found = await context.stores.deposits.lock(unit, paymentId);
    if (found?.payment.status === 'authorized') await context.stores.deposits.save(unit, edit(found.payment));
  });
}
