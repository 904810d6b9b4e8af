/**
 * Story: the platform gives a credited deposit back, all or a part of it.
 *
 *   1 one transaction: claim the key, lock the payment, does it fit?, reserve the amount in the
 *     wallet, store the refund
 *   2 the worker sends it (advance-refund)   3 posted on proof, released on proven failure
 *
 * After a chargeback nothing is given back on top: the request is refused and a case says that
 * somebody wanted to. A person then decides.
 */
import { ServiceError } from '../domain/errors.ts';
import type { Attempt, Payment } from '../domain/deposit.ts';
import { formatAmount } from '../domain/money.ts';
import { refundableMinor, underWayMinor, type Refund } from '../domain/refund.ts';
import { openCases } from './cases.ts';
import type { ServiceContext } from './context.ts';
import { claimOf, earlierAnswer, type IdempotentRequest } from './idempotent-answer.ts';

export interface RefundRequest extends IdempotentRequest {
  paymentId: string;
  /** Greater than zero, in the payment's currency. */
  amountMinor: number;
  reason: string | null;
}

export interface RefundAnswer {
  refund: Refund;
  replayed: boolean;
}

/** @throws ServiceError not_found, not_refundable, disputed, insufficient_funds, idempotency_key_reused, idempotency_in_flight */
export async function requestRefund(context: ServiceContext, request: RefundRequest): Promise<RefundAnswer> {
  const { database, stores } = context;
  const refundId = context.ids.next('ref');
  const started = await database.transaction(async (unit) => {
    if (!(await stores.keys.claim(unit, claimOf(context, request), refundId))) return { kind: 'taken' } as const;
    const found = await stores.deposits.lock(unit, request.paymentId);
    if (found === null) throw new ServiceError('not_found', `There is no payment ${request.paymentId}.`);
    const refunds = await stores.refunds.listOf(unit, found.payment.id);
    const refusal = refuse(found.payment, refunds, request.amountMinor);
    if (refusal !== null) {
      await stores.keys.release(unit, request.scope, request.key);
      if (refusal.code === 'disputed') await openCases(context, unit, [refundAfterChargeback(found.payment, request)]);
      return { kind: 'refused', error: refusal } as const;
    }
    const refund = newRefund(context, refundId, found, request);
    const [outcome] = await context.parts.ledger.post(unit, [
      {
        kind: 'refund_reserve',
        paymentId: refund.paymentId,
        part: refund.id,
        playerId: found.payment.playerId,
        amountMinor: refund.amountMinor,
        currency: refund.currency,
        psp: null,
        txnId: null,
        idempotencyKey: null,
      },
    ]);
    if (outcome?.kind === 'insufficient_funds') throw insufficientFunds(outcome.availableMinor, refund.currency);
    if (outcome?.kind !== 'posted')
      throw new Error(`Bug: the reservation of ${refund.id} was answered with ${outcome?.kind}`);
    await stores.refunds.insert(unit, refund);
    await stores.keys.complete(unit, request.scope, request.key, { status: 201, body: null });
    return { kind: 'started', refund } as const;
  });
  if (started.kind === 'refused') throw started.error;
  if (started.kind === 'taken') return replay(context, request);
  context.wakeAt(started.refund.nextStepAt);
  return { refund: started.refund, replayed: false };
}

/** Why the amount cannot be given back; null when it can. */
function refuse(payment: Payment, refunds: readonly Refund[], amountMinor: number): ServiceError | null {
  if (payment.disputedMinor > 0)
    return new ServiceError('disputed', 'The issuer has taken money of this payment back; a refund would pay twice.', {
      details: { disputed: formatAmount(payment.disputedMinor, payment.currency), currency: payment.currency },
    });
  const leftMinor = Math.max(0, refundableMinor(payment) - underWayMinor(refunds));
  if (amountMinor <= leftMinor) return null;
  return new ServiceError('not_refundable', 'The amount is more than what is left of the payment.', {
    details: { refundable: formatAmount(leftMinor, payment.currency), currency: payment.currency },
  });
}

function refundAfterChargeback(payment: Payment, request: RefundRequest) {
  return {
    kind: 'refund_after_chargeback' as const,
    subjectId: payment.id,
    psp: null,
    summary: `A refund of ${formatAmount(request.amountMinor, payment.currency)} ${payment.currency} was asked for after the issuer had taken money back; nothing was sent.`,
  };
}

function newRefund(
  context: ServiceContext,
  id: string,
  { payment, attempts }: { payment: Payment; attempts: readonly Attempt[] },
  request: RefundRequest,
): Refund {
  const nowMs = context.clock.now();
  const attempt = attempts.find((one) => one.id === payment.creditedAttemptId);
  if (attempt === undefined) throw new Error(`Bug: ${payment.id} is credited for an attempt that it does not have`);
  return {
    id,
    origin: 'platform',
    attemptId: attempt.id,
    paymentId: payment.id,
    psp: attempt.psp,
    pspReference: attempt.pspReference,
    partReference: null,
    amountMinor: request.amountMinor,
    bookedMinor: request.amountMinor,
    explainedMinor: 0,
    currency: payment.currency,
    reason: request.reason,
    idempotencyKey: `key-${id}`,
    status: 'wanted',
    failureReason: null,
    sentAt: null,
    finalAt: null,
    tries: 0,
    createdAt: nowMs,
    updatedAt: nowMs,
    nextStepAt: nowMs,
  };
}

async function replay(context: ServiceContext, request: RefundRequest): Promise<RefundAnswer> {
  const stored = await earlierAnswer(context, request);
  const refund =
    stored.subjectId === null ? null : await context.stores.refunds.find(context.database.autocommit, stored.subjectId);
  if (refund === null) throw new Error(`Bug: key ${request.key} points to no refund`);
  return { refund, replayed: true };
}

function insufficientFunds(availableMinor: number, currency: string): ServiceError {
  return new ServiceError('insufficient_funds', 'The wallet has less than the amount to be given back.', {
    details: { available: formatAmount(availableMinor, currency), currency },
  });
}
