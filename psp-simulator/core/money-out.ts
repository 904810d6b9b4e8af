/**
 * Money that leaves the PSP: refunds of captured payments, and payouts. A pending refund
 * already counts against the captured amount, so that two of them cannot exceed it.
 */
import type { CreatePayout, CreateRefund } from './bank.ts';
import type { Books } from './books.ts';
import { checkAmount } from './check-amount.ts';
import { PspProblem } from './problem.ts';
import type { PaymentRecord, PayoutRecord, RefundRecord } from './records.ts';

export function createRefund(books: Books, command: CreateRefund): RefundRecord {
  const payment = books.get('payment', command.paymentPspReference);
  if (payment.state !== 'captured' && payment.state !== 'refunded') {
    throw new PspProblem(
      'invalid-state',
      `The payment '${payment.pspReference}' is ${payment.state} and cannot be refunded`,
      {
        extra: { state: payment.state },
      },
    );
  }
  const leftMinor = refundableMinor(books, payment);
  const amountMinor = command.amountMinor ?? leftMinor;
  if (command.amountMinor !== undefined) checkAmount(amountMinor);
  if (amountMinor > leftMinor || leftMinor === 0) {
    throw new PspProblem('amount-too-large', `Cannot refund ${amountMinor}: only ${leftMinor} is left to refund`, {
      field: 'amount',
    });
  }
  const createdAtMs = books.now();
  const refund = books.writeRefund('refund-created', {
    kind: 'refund',
    pspReference: command.pspReference,
    reference: command.reference,
    paymentPspReference: payment.pspReference,
    state: 'pending',
    settles: command.settles ?? payment.fate.refunds ?? 'succeeded',
    currency: payment.currency,
    amountMinor,
    createdAtMs,
    updatedAtMs: createdAtMs,
    steps: [],
    details: { ...command.details },
  });
  const outcome = command.outcome ?? 'succeeded';
  return outcome === 'pending' ? refund : settleRefund(books, refund.pspReference, outcome);
}

export function settleRefund(books: Books, pspReference: string, outcome: 'succeeded' | 'failed'): RefundRecord {
  const refund = books.get('refund', pspReference);
  if (refund.state !== 'pending') {
    throw new PspProblem('invalid-state', `The refund '${pspReference}' is already ${refund.state}`, {
      extra: { state: refund.state },
    });
  }
  if (outcome === 'failed') return books.writeRefund('refund-failed', { ...refund, state: 'failed' });
  const settled = books.writeRefund('refund-succeeded', { ...refund, state: 'succeeded' }, refund.amountMinor);
  const payment = books.get('payment', refund.paymentPspReference);
  const refundedMinor = payment.refundedMinor + refund.amountMinor;
  const isWhole = refundedMinor === payment.capturedMinor && payment.capturableMinor === 0;
  const state = isWhole ? 'refunded' : payment.state;
  books.writePayment('payment-refunded', { ...payment, refundedMinor, state }, refund.amountMinor);
  return settled;
}

export function failRefundLate(books: Books, pspReference: string): RefundRecord {
  const refund = books.get('refund', pspReference);
  if (refund.state !== 'succeeded') {
    throw new PspProblem('invalid-state', `The refund '${pspReference}' is ${refund.state} and cannot fail late`, {
      extra: { state: refund.state },
    });
  }
  const failed = books.writeRefund('refund-failed', { ...refund, state: 'failed' }, refund.amountMinor);
  const payment = books.get('payment', refund.paymentPspReference);
  books.writePayment(
    'payment-refund-returned',
    { ...payment, refundedMinor: payment.refundedMinor - refund.amountMinor, state: 'captured' },
    refund.amountMinor,
  );
  return failed;
}

export function createPayout(books: Books, command: CreatePayout): PayoutRecord {
  checkAmount(command.amountMinor);
  const createdAtMs = books.now();
  return books.writePayout('payout-created', {
    kind: 'payout',
    pspReference: command.pspReference,
    reference: command.reference,
    state: 'pending',
    outcome: command.outcome,
    failureReason: command.failureReason ?? null,
    currency: command.currency,
    amountMinor: command.amountMinor,
    createdAtMs,
    updatedAtMs: createdAtMs,
    steps: [],
    details: { ...command.details },
  });
}

export function settlePayout(
  books: Books,
  pspReference: string,
  outcome: 'paid' | 'failed' | 'canceled' | 'returned',
): PayoutRecord {
  const payout = books.get('payout', pspReference);
  const from = outcome === 'returned' ? 'paid' : 'pending';
  if (payout.state !== from) {
    throw new PspProblem(
      'invalid-state',
      `The payout '${pspReference}' is ${payout.state} and cannot become ${outcome}`,
      {
        extra: { state: payout.state },
      },
    );
  }
  const movedMinor = outcome === 'paid' || outcome === 'returned' ? payout.amountMinor : 0;
  return books.writePayout(`payout-${outcome}`, { ...payout, state: outcome }, movedMinor);
}

/** What may still be given back: captured, less refunded, less refunds on their way. */
function refundableMinor(books: Books, payment: PaymentRecord): number {
  const pendingMinor = books
    .refundsOf(payment.pspReference)
    .reduce((sum, refund) => sum + (refund.state === 'pending' ? refund.amountMinor : 0), 0);
  return payment.capturedMinor - payment.refundedMinor - pendingMinor;
}
