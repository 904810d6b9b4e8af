/**
 * Story: a PSP speaks of another payment under the reference of one of our attempts. Either it
 * processed one request twice, and the player paid twice; or the payment is a stranger's.
 *
 *   other id ─► says success ─► can the PSP be asked? ─yes─► asked first (refund-late-success) ─► refund, case
 *          │                                         └─no──► refund, case: the PSP refuses it if it is not ours
 *          └─► anything else ─► case
 *
 * The attempt, the payment and the wallet never change here: one payment is credited, money
 * beside it follows the rule of a late success and goes back to the card.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import type { DepositFact } from '../domain/deposit-fact.ts';
import type { CaseKind, NewCase } from '../domain/case.ts';
import type { Unit } from '../ports/unit.ts';
import { closeCase, openCases } from './cases.ts';
import { pspOf, type ServiceContext } from './context.ts';

export interface SurplusPayment {
  payment: Payment;
  attempt: Attempt;
  psp: string;
  /** Its id at the PSP, another one than the attempt's. */
  pspReference: string;
}

/** Takes note of a fact about another payment than the attempt's. True when it changed anything. */
export async function applySurplusFact(
  context: ServiceContext,
  unit: Unit,
  surplus: SurplusPayment,
  fact: DepositFact,
): Promise<boolean> {
  if (fact.outcome === 'refunded') return finishSurplusRefund(context, unit, surplus);
  const mayBeOurs = fact.outcome === 'succeeded' && !(await isKnownElsewhere(context, unit, surplus));
  if (mayBeOurs) {
    const proven = !pspOf(context, surplus.psp).adapter.capabilities.statusQuery;
    await wantRefund(context, unit, { ...surplus, status: proven ? 'wanted' : 'unproven' });
    if (proven) await openCases(context, unit, [surplusCase(surplus, 'late_success')]);
    return true;
  }
  if (fact.source !== 'webhook') return false;
  await openCases(context, unit, [surplusCase(surplus, 'unknown_payment')]);
  return true;
}

/** The case that a surplus payment opens: `late_success` when it is ours, `unknown_payment` when it may be a stranger's. */
export function surplusCase(
  {
    payment,
    attempt,
    psp,
    pspReference,
  }: { payment: { id: string }; attempt: Pick<Attempt, 'id' | 'pspReference'> } & Pick<
    SurplusPayment,
    'psp' | 'pspReference'
  >,
  kind: Extract<CaseKind, 'late_success' | 'unknown_payment'>,
): NewCase {
  const what = `${psp} reports payment ${pspReference} for attempt ${attempt.id}, whose payment there is ${attempt.pspReference ?? 'not known'}`;
  const then =
    kind === 'late_success' ? 'the player has paid twice, and this money goes back to the card' : 'nothing was done';
  return { kind, subjectId: payment.id, psp, summary: `${what}; ${then}.` };
}

/** Plans the refund of one payment at a PSP; a second plan for the same one is dropped. */
export async function wantRefund(
  context: ServiceContext,
  unit: Unit,
  plan: Omit<SurplusPayment, 'pspReference'> & { pspReference: string | null; status: 'unproven' | 'wanted' },
): Promise<void> {
  const nowMs = context.clock.now();
  const id = context.ids.next('ref');
  const { payment, attempt, psp, pspReference, status } = plan;
  const amountMinor = payment.captureMinor ?? payment.amountMinor;
  await context.stores.refunds.insert(unit, {
    id,
    origin: 'late',
    attemptId: attempt.id,
    paymentId: payment.id,
    psp,
    pspReference,
    partReference: null,
    amountMinor,
    bookedMinor: 0,
    explainedMinor: 0,
    currency: payment.currency,
    reason: null,
    idempotencyKey: `key-${id}`,
    status,
    failureReason: null,
    sentAt: null,
    finalAt: null,
    tries: 0,
    createdAt: nowMs,
    updatedAt: nowMs,
    nextStepAt: nowMs,
  });
  context.wakeAt(nowMs);
}

/** The money of one payment is back on the card; the case is closed when it was the last of its deposit. */
export async function finishRefund(
  context: ServiceContext,
  unit: Unit,
  paymentId: string,
  ids: { attemptId: string; pspReference: string | null },
): Promise<boolean> {
  const { refunds } = context.stores;
  const refund = await refunds.findOf(unit, ids.attemptId, ids.pspReference);
  if (refund === null || refund.status === 'done') return false;
  await refunds.save(unit, { ...refund, status: 'done', updatedAt: context.clock.now(), nextStepAt: null });
  if (!(await refunds.anyUnfinished(unit, paymentId)))
    await closeCase(context, unit, 'late_success', paymentId, 'the money has gone back');
  return true;
}

async function finishSurplusRefund(context: ServiceContext, unit: Unit, surplus: SurplusPayment): Promise<boolean> {
  const { payment, attempt, pspReference } = surplus;
  if (await finishRefund(context, unit, payment.id, { attemptId: attempt.id, pspReference })) return true;
  const planned = await context.stores.refunds.findOf(unit, attempt.id, pspReference);
  if (planned === null) await openCases(context, unit, [surplusCase(surplus, 'unknown_payment')]);
  return planned === null;
}

/** The id belongs to another attempt of ours, so its money is accounted for there. */
async function isKnownElsewhere(context: ServiceContext, unit: Unit, surplus: SurplusPayment): Promise<boolean> {
  const { psp, pspReference, attempt } = surplus;
  const known = await context.stores.attempts.locate(unit, psp, { reference: null, pspReference });
  return known !== null && known.attemptId !== attempt.id;
}
